import { brand } from './brand.js';
import type { CallContext } from './call-context.js';
import { findError, REASON_CODES, type WxPayApiErrorKind } from './catalog.js';
import { redact } from './redact.js';
import { WxPayError } from './wxpay-error.js';

/** Which part of the request WeChat Pay objects to. Its `value` is left out: it may be personal. */
export interface WxPayErrorDetail {
  readonly field?: string;
  readonly issue?: string;
  readonly location?: string;
}

export interface WxPayApiErrorInit {
  readonly call: CallContext;
  /** WeChat's own code, as received. */
  readonly code: string;
  readonly httpStatus: number;
  /** Whether a verified signature covers the reply. */
  readonly signed: boolean;
  /** WeChat's own text, as received. */
  readonly text?: string;
  readonly requestId?: string;
  readonly detail?: WxPayErrorDetail;
  readonly retryAfterMs?: number;
}

/**
 * WeChat Pay received the call and refused it. Branch on `kind`, or on `code` for one exact reason.
 *
 * With `signed: false`, usual for refusals, TLS alone vouches for the reply: take it as a hint and query the order
 * before you drop it.
 */
export class WxPayApiError extends WxPayError {
  /** WeChat's own code in the spelling of the current pages, for example `ORDER_NOT_EXIST`. */
  readonly code: string;
  readonly kind: WxPayApiErrorKind;
  /** The status that WeChat Pay answered; `toHttpException` knows the one for your own client. */
  readonly httpStatus: number;
  /** Whether a verified signature covers the reply. */
  readonly signed: boolean;
  /** For example `order.close`. */
  readonly operation: string;
  /** WeChat Pay's name for this exchange: quote it to their support. */
  readonly requestId?: string;
  /** The number at the end of `requestId`, which names the reason more exactly than `code`; for diagnosis only. */
  readonly reasonCode?: string;
  readonly detail?: WxPayErrorDetail;
  /** How long WeChat Pay asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;

  static {
    brand(this, 'WxPayApiError');
  }

  constructor(init: WxPayApiErrorInit) {
    const entry = findError(redact(init.code));
    super(describe(init, entry.code, entry.remedy), {
      retryable: entry.retryable,
      merchant: init.call.merchant,
    });
    this.code = entry.code;
    this.kind = entry.kind;
    this.httpStatus = init.httpStatus;
    this.signed = init.signed;
    this.operation = init.call.operation;
    if (init.requestId !== undefined) {
      this.requestId = redact(init.requestId);
      this.reasonCode = reasonCodeOf(init.requestId);
    }
    if (init.detail !== undefined) this.detail = redactDetail(init.detail);
    if (init.retryAfterMs !== undefined) this.retryAfterMs = init.retryAfterMs;
  }
}

function describe(
  { call, httpStatus, requestId, text, detail, signed }: WxPayApiErrorInit,
  code: string,
  remedy: string,
): string {
  const facts = [`HTTP ${httpStatus}`];
  if (requestId !== undefined) facts.push(`Request-ID ${redact(requestId)}`);
  const reason = REASON_CODES[reasonCodeOf(requestId ?? '') ?? ''];
  if (reason !== undefined) facts.push(reason);
  if (detail?.field !== undefined) facts.push(`field ${redact(detail.field)}`);
  if (!signed) facts.push('unsigned');
  const quote = text === undefined || text === '' ? '' : ` It said: "${redact(text)}".`;
  return `WeChat Pay refused ${call.operation} of ${call.subject} with ${code} (${facts.join(', ')}).${quote} ${remedy}`;
}

function reasonCodeOf(requestId: string): string | undefined {
  return /-(\d{1,20})$/.exec(requestId)?.[1];
}

function redactDetail(detail: WxPayErrorDetail): WxPayErrorDetail {
  const entries = Object.entries(detail).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, redact(value)]));
}
