import { describe, expect, it } from '@jest/globals';
import { WxPayInputError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { readerWith } from '../../support/fixtures/v2-notifications.js';

describe('V2NotificationReader, reading a message of APIv3', () => {
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['its JSON', {}, '{"id":"EV-1"}'],
    ['its JSON behind blanks', {}, '\r\n {"id":"EV-1"}'],
    ['the signature in its headers, where its body was lost', { 'Wechatpay-Signature': 'c2ln' }, ''],
    [
      'the signature in headers in lower case, where its body was lost',
      { 'wechatpay-signature': 'c2ln' },
      '',
    ],
  ])('recognises it by %s', async (_, headers, body) => {
    const reading = readerWith().read({ headers, body: Buffer.from(body) });

    const error = await failureOf(WxPayInputError, reading);

    expect(error.message).toMatch(
      /it is JSON, a message of APIv3\. .* api: 'v3', or place them over APIv2\.$/,
    );
  });
});
