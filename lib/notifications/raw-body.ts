import { isUint8Array } from 'node:util/types';
import { redact } from '../errors/redact.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** The common part of the requests of Express and Fastify. */
export interface NotificationRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Set if the app was created with `rawBody: true`. */
  readonly rawBody?: unknown;
  readonly body?: unknown;
}

/** Remedy for a missing raw body. */
export const KEEP_RAW_BODY = 'Create the app with NestFactory.create(AppModule, { rawBody: true })';

const XML_PARSERS =
  "app.useBodyParser('text', { type: ['text/xml', 'application/xml'] }) on Express, app.useBodyParser(['text/xml', 'application/xml']) on Fastify";

const TYPES = { v3: 'application/json', v2: 'text/xml' };

/** Returns the body as received; undefined if the app did not keep it. */
export function keptBody({
  rawBody,
  body,
}: Pick<NotificationRequest, 'rawBody' | 'body'>): Uint8Array | undefined {
  // A parser of the app may leave the body unparsed.
  for (const candidate of [rawBody, body]) {
    if (isUint8Array(candidate)) return candidate;
    if (typeof candidate === 'string') return Buffer.from(candidate);
  }
  return undefined;
}

/**
 * Returns the body as received: the bytes that WeChat Pay signed.
 *
 * @throws {WxPayInputError} if the app did not read it and need not, because no notification has that content type
 * @throws {WxPayConfigError} with the remedy, if the app did not keep it
 */
export function rawBodyOf(request: NotificationRequest, api: 'v3' | 'v2'): Uint8Array {
  const kept = keptBody(request);
  if (kept !== undefined) return kept;
  const { headers } = request;
  // APIv3 signs in the headers, APIv2 in the body. Without a signature of its own API, a request is refused for that reason:
  // the app is not at fault.
  const isSigned = headers['wechatpay-signature'] !== undefined;
  if (isEmpty(headers) || isSigned !== (api === 'v3')) return new Uint8Array();
  const type = redact([headers['content-type'] ?? 'no content type'].flat().join(', '));
  if (headers['content-type'] !== undefined && !/\b(json|xml)\b/i.test(type)) {
    throw new WxPayInputError('body', `is ${type}; notifications of API${api} are ${TYPES[api]}.`);
  }
  const xml = api === 'v2' ? `, and have XML read with ${XML_PARSERS}` : '';
  throw new WxPayConfigError([
    `The raw body of a notification (${type}) was not kept, so its signature cannot be verified. ${KEEP_RAW_BODY}, leave Nest's body parser on, and let no middleware read the body before it, app.use(path, express.json()) for example${xml}.`,
  ]);
}

function isEmpty(headers: NotificationRequest['headers']): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}
