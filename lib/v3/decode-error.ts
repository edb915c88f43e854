import type { CallContext } from '../errors/call-context.js';
import { redact } from '../errors/redact.js';
import { WxPayApiError } from '../errors/wxpay-api-error.js';
import type { WxPayError } from '../errors/wxpay-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import type { Reply } from '../transport/reply.js';
import { members, parseJson, UnexpectedJson } from './json.js';

/** How a reply that is not a success is to be understood. */
export interface RefusalContext {
  readonly call: CallContext;
  /** The origin that answered. */
  readonly host: string;
  readonly signed: boolean;
  /** Milliseconds since the epoch, for a `Retry-After` that is a date. */
  readonly now: number;
}

/**
 * Reads a refusal: WeChat Pay's own (`{ code, message, detail }`) or the page of something in between.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012081717
 */
export function decodeV3Error(reply: Reply, { call, host, signed, now }: RefusalContext): WxPayError {
  const body = errorBody(reply.body);
  const code = body?.code ?? (reply.status === 429 ? 'RATELIMIT_EXCEEDED' : undefined);
  if (code === undefined) return signed ? unexpected(reply, call) : unusable(reply, call, host);
  return new WxPayApiError({
    call,
    code,
    httpStatus: reply.status,
    signed,
    text: body?.message,
    detail: body?.detail,
    requestId: reply.headers.get('request-id'),
    retryAfterMs: retryAfterMs(reply.headers.get('retry-after'), now),
  });
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: { readonly field?: string; readonly issue?: string; readonly location?: string };
}

function errorBody(bytes: Buffer): ErrorBody | undefined {
  try {
    const { code, message, detail } = members(parseJson(bytes), '$');
    if (!isFilled(code)) return undefined;
    return { code, message: isFilled(message) ? message : undefined, detail: errorDetail(detail) };
  } catch (error) {
    if (error instanceof UnexpectedJson) return undefined;
    throw error;
  }
}

function errorDetail(value: unknown): ErrorBody['detail'] {
  if (typeof value !== 'object' || value === null) return undefined;
  const { field, issue, location } = value as Record<string, unknown>;
  return {
    ...(isFilled(field) ? { field } : {}),
    ...(isFilled(issue) ? { issue } : {}),
    ...(isFilled(location) ? { location } : {}),
  };
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** `Retry-After` is a number of seconds or an HTTP date. */
function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function unexpected({ status }: Reply, { operation, subject, merchant }: CallContext): WxPayProtocolError {
  return new WxPayProtocolError(
    '$',
    `WeChat Pay answered ${operation} of ${subject} with a verified HTTP ${status} that its documentation does not know. ` +
      'Nothing was concluded from it: query the order; if it stays, report it.',
    { merchant },
  );
}

function unusable(
  reply: Reply,
  { operation, subject, merchant }: CallContext,
  host: string,
): WxPayTransportError {
  const { hostname } = new URL(host);
  const type = redact(reply.headers.get('content-type') ?? 'no content type');
  const start = redact(reply.body.subarray(0, 1_000).toString('utf8')).slice(0, 80);
  const quote = start === '' ? '' : ` that starts with "${start}"`;
  const hint =
    reply.status < 400
      ? 'Redirects are not followed: correct the host or the proxy.'
      : 'Something between here and WeChat Pay may have answered: repeat the call, then check the host and the proxy.';
  return new WxPayTransportError(
    `${hostname} answered ${operation} of ${subject} with HTTP ${reply.status} and a page that is not WeChat Pay's (${type}, ${reply.body.length} bytes)${quote}. ${hint}`,
    { merchant, hosts: [hostname], attempts: 1, httpStatus: reply.status },
  );
}
