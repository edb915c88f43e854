import { describe, expect, it } from '@jest/globals';
import { WxPaySignatureError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { shopReader } from '../../support/harness/shop-notifications.js';

describe('V3NotificationReader, reading a message of APIv2', () => {
  const read = (headers: Readonly<Record<string, string>>, body: string) =>
    failureOf(WxPaySignatureError, shopReader().read({ headers, body: Buffer.from(body) }));

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['its XML', {}, '<xml><a>1</a></xml>'],
    ['its XML behind blanks and a declaration', {}, '\n<?xml version="1.0"?><xml></xml>'],
    ['its content type, where its body was lost', { 'Content-Type': 'text/xml; charset=utf-8' }, ''],
  ])('recognises it by %s', async (_, headers, body) => {
    const error = await read(headers, body);

    expect(error.message).toMatch(
      /it is XML, a message of APIv2\. .* api: 'v2', or place them over APIv3\.$/,
    );
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['HTML', {}, '<html></html>'],
    ['JSON', {}, '{"xml":"<xml>"}'],
    ['a message with a signature of APIv3', { 'Wechatpay-Signature': 'c2ln' }, '<xml></xml>'],
  ])('does not take for it %s', async (_, headers, body) => {
    const error = await read(headers, body);

    expect(error.message).not.toContain('APIv2');
  });
});
