import { randomBytes, sign, verify } from 'node:crypto';
import http, { type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import { buffer } from 'node:stream/consumers';
import type { MockClientCertificate, MockWxPayGateway } from 'nestjs-wxpay/testing';

/** A request on its way to the gateway, every byte of it open to change. */
export interface HandSignedRequest {
  readonly method: string;
  readonly path: string;
  /** Names and values; a list sends the header several times. */
  readonly headers: OutgoingHttpHeaders;
  readonly body: string | Buffer;
  /** The client certificate to show; none otherwise. */
  readonly certificate?: MockClientCertificate;
}

/** What is signed and claimed; the defaults make an ordinary query of order A1. */
export interface Claims {
  readonly method?: string;
  readonly path?: string;
  readonly body?: string | Buffer;
  readonly mchid?: string;
  readonly nonce?: string;
  readonly timestamp?: number;
  readonly serialNo?: string;
  /** In place of the names and values of the `Authorization` header. */
  readonly fields?: (fields: Readonly<Record<string, string>>) => readonly (readonly [string, string])[];
}

/** A reply as received. */
export interface RawReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body before it is read as text. */
  readonly bytes: Buffer;
}

export const QUERY_A1 = '/v3/pay/transactions/out-trade-no/A1?mchid=1900000001';
export const CLOSE_A1 = '/v3/pay/transactions/out-trade-no/A1/close';
export const MERCHANT_BODY = '{"mchid":"1900000001"}';

/** Signs a request by hand, apart from the library. */
export function handSign({ keys }: MockWxPayGateway, claims: Claims = {}): HandSignedRequest {
  const { method = 'GET', path = QUERY_A1, body = '', mchid = '1900000001' } = claims;
  const { nonce = randomBytes(16).toString('hex'), timestamp = Math.floor(Date.now() / 1000) } = claims;
  const { serialNo = keys.merchantSerialNo, fields = Object.entries } = claims;
  const message = Buffer.concat([
    Buffer.from(`${method}\n${path}\n${timestamp}\n${nonce}\n`),
    Buffer.from(body),
    Buffer.from('\n'),
  ]);
  const signature = sign('sha256', message, keys.merchantPrivateKey).toString('base64');
  const values = { mchid, nonce_str: nonce, timestamp: `${timestamp}`, serial_no: serialNo, signature };
  const authorization = fields(values)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',');
  return {
    method,
    path,
    body,
    headers: {
      Accept: 'application/json',
      'User-Agent': 'hand',
      ...(method === 'POST' ? { 'Content-Type': 'application/json' } : {}),
      Authorization: `WECHATPAY2-SHA256-RSA2048 ${authorization}`,
    },
  };
}

/** Sends a request as it is, on a connection of its own. */
export async function send(
  gateway: MockWxPayGateway,
  request: HandSignedRequest,
  signal?: AbortSignal,
): Promise<RawReply> {
  const response = await open(gateway, request, signal);
  const bytes = await buffer(response);
  return { status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString(), bytes };
}

/** The same, up to where the body of the reply begins. */
export function open(
  { url, certificate: ca }: MockWxPayGateway,
  { method, path, headers, body, certificate }: HandSignedRequest,
  signal?: AbortSignal,
): Promise<http.IncomingMessage> {
  const { hostname: bracketed, port } = new URL(url);
  const hostname = bracketed.replace(/^\[(.*)\]$/, '$1');
  const client = url.startsWith('https') ? https : http;
  return new Promise((resolve, reject) => {
    const framing = body.length > 0 ? { 'Content-Length': Buffer.byteLength(body) } : {};
    const options = {
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...framing },
      agent: false,
      ca,
      ...certificate,
      signal,
    };
    client.request(options, resolve).once('error', reject).end(body);
  });
}

/** Whether the platform signed exactly this reply. */
export function isGenuine(
  { keys }: MockWxPayGateway,
  { headers, body }: Pick<RawReply, 'headers' | 'body'>,
): boolean {
  const message = `${String(headers['wechatpay-timestamp'])}\n${String(headers['wechatpay-nonce'])}\n${body}\n`;
  const signature = String(headers['wechatpay-signature']);
  return (
    headers['wechatpay-serial'] === keys.publicKeyId &&
    verify('sha256', Buffer.from(message), keys.platformPublicKey, Buffer.from(signature, 'base64'))
  );
}
