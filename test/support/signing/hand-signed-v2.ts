import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { send, type HandSignedRequest, type RawReply } from './hand-signed-request.js';

type Fields = Readonly<Record<string, string | undefined>>;

/** What is signed; the defaults make an ordinary query of order A1. */
export interface V2Claims {
  readonly path?: string;
  /** In addition to the common ones, or in their place; undefined leaves one out. */
  readonly fields?: Fields;
  readonly signType?: 'MD5' | 'HMAC-SHA256';
  readonly key?: string;
  /** In place of the right one; empty leaves it out. */
  readonly sign?: string;
}

/** Signs a request of APIv2 by hand, apart from the library. */
export function handSignV2({ keys }: MockWxPayGateway, claims: V2Claims = {}): HandSignedRequest {
  const { path = '/pay/orderquery', signType, key = keys.apiV2Key } = claims;
  const { fields = { out_trade_no: 'A1' } } = claims;
  const unsigned = {
    appid: 'wx8888888888888888',
    mch_id: '1900000001',
    nonce_str: randomBytes(16).toString('hex'),
    sign_type: signType,
    ...fields,
  };
  const sign = claims.sign ?? signatureByHand(unsigned, signType ?? 'MD5', key);
  return {
    method: 'POST',
    path,
    headers: { 'Content-Type': 'text/xml; charset=utf-8', 'User-Agent': 'hand' },
    body: xmlByHand(sign === '' ? unsigned : { ...unsigned, sign }),
  };
}

/** The signature of fields, as the official page describes it. */
export function signatureByHand(fields: Fields, signType: 'MD5' | 'HMAC-SHA256', key: string): string {
  const pairs = Object.entries(fields).filter(([name, value]) => value && name !== 'sign');
  const text = `${pairs
    .map(([name, value]) => `${name}=${value}`)
    .toSorted()
    .join('&')}&key=${key}`;
  const hash = signType === 'MD5' ? createHash('md5') : createHmac('sha256', key);
  return hash.update(text).digest('hex').toUpperCase();
}

export function xmlByHand(fields: Fields): string {
  const elements = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : `<${name}><![CDATA[${value}]]></${name}>`,
  );
  return `<xml>${elements.join('')}</xml>`;
}

/** A reply of APIv2 as received, with its fields; for a reply that repeats a field, the last one. */
export interface V2Reply extends RawReply {
  readonly fields: Readonly<Record<string, string>>;
}

export async function sendV2(gateway: MockWxPayGateway, request: HandSignedRequest): Promise<V2Reply> {
  const reply = await send(gateway, request);
  const elements = [...reply.body.matchAll(/<(\w+)>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))<\/\1>/gs)];
  return {
    ...reply,
    fields: Object.fromEntries(elements.map(([, name, cdata, text]) => [name, cdata ?? unescaped(text)])),
  };
}

/** Whether the platform signed exactly these fields in that way. */
export function isGenuineV2(
  { keys }: MockWxPayGateway,
  { fields }: V2Reply,
  signType: 'MD5' | 'HMAC-SHA256' = 'MD5',
): boolean {
  return fields.sign === signatureByHand(fields, signType, keys.apiV2Key);
}

function unescaped(text = ''): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
