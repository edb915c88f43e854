import { isUint8Array } from 'node:util/types';
import { redact } from '../errors/redact.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** What Express and Fastify requests have in common. */
export interface NotificationRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** With `rawBody: true`. */
  readonly rawBody?: unknown;
  readonly body?: unknown;
}

/** The first thing to do about a raw body that is missing. */
export const KEEP_RAW_BODY = 'Create the app with NestFactory.create(AppModule, { rawBody: true })';

const XML_PARSERS =
  "app.useBodyParser('text', { type: ['text/xml', 'application/xml'] }) on Express, app.useBodyParser(['text/xml', 'application/xml']) on Fastify";

const TYPES = { v3: 'application/json', v2: 'text/xml' };

/** The body as it came over the wire; undefined if the app did not keep it. */
export function keptBody({
  rawBody,
  body,
}: Pick<NotificationRequest, 'rawBody' | 'body'>): Uint8Array | undefined {
  // A parser of the app's own may leave the body as it is.
  for (const candidate of [rawBody, body]) {
    if (isUint8Array(candidate)) return candidate;
    if (typeof candidate === 'string') return Buffer.from(candidate);
  }
  return undefined;
}

/**
 * The body as it came over the wire, which is what WeChat Pay signed.
 *
 * @throws {WxPayInputError} if the app did not read it, and does not have to, since no notification is of that type
 * @throws {WxPayConfigError} saying how to keep it, if the app threw it away
 */
export function rawBodyOf(request: NotificationRequest, api: 'v3' | 'v2'): Uint8Array {
  const kept = keptBody(request);
  if (kept !== undefined) return kept;
  const { headers } = request;
  // Whatever an unsigned one holds: it is refused for that, and nothing is wrong with the app.
  if (isEmpty(headers) || (api === 'v3' && headers['wechatpay-signature'] === undefined))
    return new Uint8Array();
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
