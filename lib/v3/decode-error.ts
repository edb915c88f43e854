import type { CallContext } from '../errors/call-context.js';
import { WxPayApiError, type WxPayErrorDetail } from '../errors/wxpay-api-error.js';
import type { WxPayError } from '../errors/wxpay-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { notAWeChatPayReply } from '../transport/failures.js';
import type { Reply } from '../transport/http/reply.js';
import { retryAfterMs } from '../transport/retry/retry-after.js';
import { readErrorDetail } from './error-detail.js';
import { parseJson, UnexpectedJson } from './json.js';
import { SIGNATURE_HEADERS } from './message-verifier.js';

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
  const raw = jsonOf(reply.body);
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

/**
 * Tells the page of something in between from a success whose signature is missing: it has nothing of WeChat Pay's.
 *
 * @throws {WxPayTransportError} for a success without any signature header that is not JSON; a 204 has no body to tell by
 */
export function refuseForeignPage(reply: Reply, call: CallContext, host: string): void {
  const { status, headers, body } = reply;
  if (status >= 300 || status === 204) return;
  if (
    SIGNATURE_HEADERS.some((name) => headers.get(name.toLowerCase()) !== undefined) ||
    jsonOf(body) !== undefined
  ) {
    return;
  }
  throw notAWeChatPayReply(call, host, reply);
}

/** Undefined for what is not JSON. */
function jsonOf(body: Buffer): unknown {
  try {
    return parseJson(body);
  } catch (error) {
    if (!(error instanceof UnexpectedJson)) throw error;
    return undefined;
  }
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly detail?: WxPayErrorDetail;
}

/** Empty for a page that is not WeChat Pay's. */
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
    `WeChat Pay answered ${operation} of ${subject} with a verified HTTP ${status} that its documentation does not list. ` +
      'It was not interpreted: query the order; if it persists, report it.',
    { merchant, httpStatus: status, raw },
  );
}
