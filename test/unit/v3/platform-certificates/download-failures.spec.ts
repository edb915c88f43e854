import { describe, expect, it } from '@jest/globals';
import { DecryptionError } from '../../../../lib/crypto/aes-gcm.js';
import { WxPayApiError } from '../../../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../../../lib/errors/wxpay-config-error.js';
import { WxPayProtocolError } from '../../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../../lib/errors/wxpay-signature-error.js';
import { UnexpectedJson } from '../../../../lib/v3/json.js';
import {
  unreadableList,
  untrustedList,
  downloadRefused,
} from '../../../../lib/v3/platform-certificates/download-failures.js';

const merchant = '1900000001';
const call = { operation: 'certificates.download', subject: `merchant ${merchant}`, merchant };
const REPLY = 'The reply to certificates.download of merchant 1900000001';
const foreign = new Error('out of memory');
const refusal = (code: string) => new WxPayApiError({ call, code, httpStatus: 404, signed: false });
const reply = (headers: Readonly<Record<string, string>>) => ({
  status: 200,
  headers: new Map(Object.entries(headers)),
  body: Buffer.alloc(0),
});

describe('downloadRefused', () => {
  it('returns the error unchanged unless it says that there are no certificates', () => {
    const other = refusal('SIGN_ERROR');

    expect(downloadRefused(other, merchant)).toBe(other);
    expect(downloadRefused(foreign, merchant)).toBe(foreign);
    expect(downloadRefused(refusal('RESOURCE_NOT_EXISTS'), merchant)).toBeInstanceOf(WxPayConfigError);
  });
});

describe('unreadableList', () => {
  it('reports a change on the way if the key decrypts', () => {
    const error = unreadableList(new DecryptionError('ciphertext', 'is not base64'), call);

    expect(error).toBeInstanceOf(WxPaySignatureError);
    expect(error).toMatchObject({
      reason: 'mismatch',
      merchant,
      message: `${REPLY} could not be verified: a certificate in it is not base64. Check that no proxy changes replies.`,
    });
  });

  it('reports content that the documentation does not promise', () => {
    const error = unreadableList(new UnexpectedJson('$.data', 'is missing, not an array.'), call);

    expect(error).toBeInstanceOf(WxPayProtocolError);
    expect(error).toMatchObject({
      path: '$.data',
      merchant,
      message: `${REPLY} is not what WeChat Pay's documentation promises: $.data is missing, not an array. If it persists, update this package or report it.`,
    });
  });

  it('returns any other error unchanged', () => {
    expect(unreadableList(foreign, call)).toBe(foreign);
  });
});

describe('untrustedList', () => {
  const unknown = new WxPaySignatureError('unknown-serial');

  it('recognises a list that the public key signed', () => {
    const error = untrustedList(unknown, reply({ 'wechatpay-serial': 'PUB_KEY_ID_0119' }), call);

    expect(error).toBeInstanceOf(WxPayConfigError);
    expect(error).toMatchObject({
      message: `${REPLY} is signed with the WeChat Pay public key. Verify with the WeChat Pay public key (微信支付公钥): pass a PublicKeyVerifier, or set WXPAY_PUBLIC_KEY and WXPAY_PUBLIC_KEY_ID.`,
    });
  });

  it.each<Readonly<Record<string, string>>>([{ 'wechatpay-serial': 'ABPUB_KEY_ID_' }, {}])(
    'refuses the list with the headers %j',
    (headers) => {
      const error = untrustedList(unknown, reply(headers), call);

      expect(error).toBeInstanceOf(WxPaySignatureError);
      expect(error).toMatchObject({
        reason: 'mismatch',
        merchant,
        cause: unknown,
        message: `${REPLY} could not be verified: it is signed with a certificate that is not trusted. While no certificate is held, the option trust, if set, must verify the list. If WeChat Pay withdrew the trusted certificates early, restart the app or call merchants.replace().`,
      });
    },
  );

  it('returns any other error unchanged', () => {
    const stale = new WxPaySignatureError('stale');

    expect(untrustedList(stale, reply({}), call)).toBe(stale);
    expect(untrustedList(foreign, reply({}), call)).toBe(foreign);
  });
});
