import { describe, expect, it } from '@jest/globals';
import { WxPayConfigError, WxPayInputError } from '../../../lib/index.js';
import { rawBodyOf, type NotificationRequest } from '../../../lib/notifications/raw-body.js';

const SIGNED = { 'wechatpay-signature': 'x', 'content-length': '2' };

/** Reads the body of a request that the app did not keep. */
function read(headers: NotificationRequest['headers'], api: 'v3' | 'v2' = 'v3'): Uint8Array {
  return rawBodyOf({ headers, body: {} }, api);
}

describe('rawBodyOf', () => {
  it.each<[string, NotificationRequest['headers']]>([
    ['without a body', { 'wechatpay-signature': 'x' }],
    ['with an empty body', { 'wechatpay-signature': 'x', 'content-length': '0' }],
    ['without a signature', { 'content-length': '2', 'content-type': 'application/json' }],
  ])('returns no bytes of a request %s, which is refused for that reason', (_, headers) => {
    expect(read(headers)).toEqual(new Uint8Array());
  });

  it('returns no bytes of a message of APIv3 to a merchant of APIv2, who is told of the other API', () => {
    const headers = { ...SIGNED, 'content-type': 'application/json' };

    expect(read(headers, 'v2')).toEqual(new Uint8Array());
  });

  it('reports that the app did not keep the body of a request in chunks', () => {
    const headers = { 'wechatpay-signature': 'x', 'transfer-encoding': 'chunked' };

    expect(() => read(headers)).toThrow(WxPayConfigError);
  });

  it('reports that the app did not keep the body of a message of APIv2, which has no signature header', () => {
    expect(() => read({ 'content-length': '2', 'content-type': 'text/xml' }, 'v2')).toThrow(
      "app.use(path, express.json()) for example, and have XML read with app.useBodyParser('text', { type: ['text/xml', 'application/xml'] }) on Express, app.useBodyParser(['text/xml', 'application/xml']) on Fastify.",
    );
  });

  it('does not mention XML to an app of APIv3', () => {
    expect(() => read({ ...SIGNED, 'content-type': 'application/json' })).toThrow(
      /^The raw body of a notification \(application\/json\) was not kept, .* app\.use\(path, express\.json\(\)\) for example\.$/,
    );
  });

  it('takes a message without a content type for one that the app did not keep', () => {
    expect(() => read(SIGNED)).toThrow('The raw body of a notification (no content type) was not kept');
  });

  it('refuses content types that no notification has', () => {
    const wrong = () => read({ ...SIGNED, 'content-type': ['text/plain', 'image/png'] });

    expect(wrong).toThrow(WxPayInputError);
    expect(wrong).toThrow('body is text/plain, image/png; notifications of APIv3 are application/json.');
  });
});
