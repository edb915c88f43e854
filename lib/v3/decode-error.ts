import type { CallContext } from '../errors/call-context.js';
import { WxPayApiError, type WxPayErrorDetail } from '../errors/wxpay-api-error.js';
import type { WxPayError } from '../errors/wxpay-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { notAWeChatPayReply } from '../transport/failures.js';
import type { Reply } from '../transport/http/reply.js';
import { retryAfterMs } from '../transport/retry/retry-after.js';
import { readErrorDetail } from './read-error-detail.js';
import { jsonOrUndefined } from './json.js';

/** Context in which a refusal is read. */
export interface RefusalContext {
  readonly call: CallContext;
  /** Origin that sent the reply. */
  readonly host: string;
  readonly signed: boolean;
  /** Milliseconds since the epoch; needed for a `Retry-After` that is a date. */
  readonly now: number;
}

/**
 * Reads a refusal: WeChat Pay's own (`{ code, message, detail }`) or the page of an intermediary, such as a proxy.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012081717
 */
export function decodeV3Error(reply: Reply, { call, host, signed, now }: RefusalContext): WxPayError {
  const raw = jsonOrUndefined(reply.body);
  const { code = reply.status === 429 ? 'RATELIMIT_EXCEEDED' : undefined, message, detail } = errorBody(raw);
  if (code === undefined) {
    return signed ? unexpected(reply.status, raw, call) : notAWeChatPayReply(call, host, reply);
  }
  return new WxPayApiError({
    call,
    code,
    httpStatus: reply.status,
    signed,
    text: message,
    detail,
    requestId: reply.headers.get('request-id'),
    retryAfterMs: retryAfterMs(reply, now),
  });
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: WxPayErrorDetail;
}

/** Reads the body of a refusal; returns an empty object for a page that is not WeChat Pay's. */
function errorBody(raw: unknown): ErrorBody {
  if (typeof raw !== 'object' || raw === null) return {};
  const { code, message, detail } = raw as Readonly<Record<keyof ErrorBody, unknown>>;
  if (!isFilled(code)) return {};
  const text = isFilled(message) ? message : undefined;
  return { code, message: text, detail: readErrorDetail(detail, text) };
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function unexpected(
  status: number,
  raw: unknown,
  { operation, subject, merchant }: CallContext,
): WxPayProtocolError {
  return new WxPayProtocolError(
    '$',
    `The verified reply to ${operation} of ${subject} has HTTP ${status}, which WeChat Pay's documentation does not list. ` +
      'It was not interpreted: query the order; if it persists, report it.',
    { merchant, httpStatus: status, raw },
  );
}
