import { brand } from './brand.js';
import type { CallContext } from './call-context.js';
import type { CatalogEntry, WxPayApiErrorKind } from './catalog.js';
import { REASON_CODES } from './reason-codes.js';
import { redact, safeLine } from './redact.js';
import { requestIdOf } from './request-id.js';
import { findMeaning } from './special-cases.js';
import { WxPayError } from './wxpay-error.js';

/** Part of the request that WeChat Pay rejected. Its `value` is left out: it may be personal data. */
export interface WxPayErrorDetail {
  /** JSON pointer into the body, such as `/amount/total`, or the name of a parameter or header. */
  readonly field?: string;
  readonly issue?: string;
  /** Part of the request, such as `body`, `query`, `uri_template` or `authorization`. */
  readonly location?: string;
  /** Length in bytes of the message whose signature WeChat Pay checked. Their support asks for it. */
  readonly signMessageLength?: number;
}

export interface WxPayApiErrorInit {
  readonly call: CallContext;
  /** WeChat Pay's error code, as received. */
  readonly code: string;
  readonly httpStatus: number;
  /** True if a verified signature covers the reply. */
  readonly signed: boolean;
  /** WeChat Pay's error text, as received. */
  readonly text?: string | undefined;
  readonly requestId?: string | undefined;
  readonly detail?: WxPayErrorDetail | undefined;
  readonly retryAfterMs?: number | undefined;
  /** True if WeChat Pay asks for a retry; otherwise code and status decide. */
  readonly asksAgain?: boolean | undefined;
}

/**
 * WeChat Pay received the call and refused it. Branch on `kind`, or on `code` for one exact reason.
 *
 * With `signed: false`, usual over APIv3, only TLS protects the reply: treat it as a hint and query the order before you
 * abandon it.
 */
export class WxPayApiError extends WxPayError {
  /** WeChat Pay's error code in the spelling of the current pages, for example `ORDER_NOT_EXIST`. */
  readonly code: string;
  readonly kind: WxPayApiErrorKind;
  /** HTTP status of WeChat Pay's reply; `toHttpException` chooses the status for your own client. */
  readonly httpStatus: number;
  /** True if a verified signature covers the reply. */
  readonly signed: boolean;
  /** For example `order.close`. */
  readonly operation: string;
  /** WeChat Pay's `Request-ID`; quote it to their support. */
  declare readonly requestId?: string;
  /** Number at the end of `requestId`, a more exact reason than `code`; for diagnosis only. */
  declare readonly reasonCode?: string;
  declare readonly detail?: WxPayErrorDetail;
  /** Delay that WeChat Pay requested, or that its documentation names for this code, in milliseconds. */
  declare readonly retryAfterMs?: number;
  /** True if WeChat Pay asks for a retry of the same call, as APIv2 does with `recall`; absent otherwise. */
  declare readonly asksAgain?: true;

  static {
    brand(this, 'WxPayApiError');
  }

  constructor(init: WxPayApiErrorInit) {
    const requestId = requestIdOf(init.requestId);
    const detail = init.detail && redactDetail(init.detail);
    const entry = findMeaning({
      ...init.call,
      code: codeOf(init.code),
      httpStatus: init.httpStatus,
      field: detail?.field,
      text: [init.text, detail?.issue].join(' '),
    });
    super(describe({ ...init, requestId, detail }, entry), {
      retryable: entry.retryable || init.asksAgain === true,
      merchant: init.call.merchant,
    });
    this.code = entry.code;
    this.kind = entry.kind;
    this.httpStatus = init.httpStatus;
    this.signed = init.signed;
    this.operation = safeLine(init.call.operation);
    if (requestId !== undefined) this.requestId = requestId;
    const reasonCode = reasonCodeOf(requestId);
    if (reasonCode !== undefined) this.reasonCode = reasonCode;
    if (detail !== undefined) this.detail = detail;
    const retryAfterMs = init.retryAfterMs ?? entry.retryAfterMs;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (init.asksAgain === true) this.asksAgain = true;
  }
}

function describe(
  { call, httpStatus, requestId, text = '', detail, signed }: WxPayApiErrorInit,
  { code, remedy }: CatalogEntry,
): string {
  const reasonCode = reasonCodeOf(requestId);
  const reason = reasonCode && REASON_CODES[reasonCode];
  const facts = [
    `HTTP ${httpStatus}`,
    ...(requestId === undefined ? [] : [`Request-ID ${requestId}`]),
    ...(reason === undefined ? [] : [reason]),
    ...(detail?.field === undefined ? [] : [`field ${detail.field}`]),
    ...(detail?.signMessageLength === undefined ? [] : [`sign_message_length ${detail.signMessageLength}`]),
    ...(signed ? [] : ['unsigned']),
  ];
  const quote = text === '' ? '' : ` It said: "${redact(text)}".`;
  return `WeChat Pay refused ${call.operation} of ${redact(call.subject)} with ${code} (${facts.join(', ')}).${quote} ${remedy}`;
}

/** Returns the code if it is an identifier. The app's clients see it, so anything else becomes `UNKNOWN`. */
function codeOf(received: string): string {
  return /^[\w.-]{1,64}$/.test(received) && redact(received) === received ? received : 'UNKNOWN';
}

function reasonCodeOf(requestId: string | undefined): string | undefined {
  return requestId && /-(\d{1,20})$/.exec(requestId)?.[1];
}

/** Copies the known members only: at run time WeChat Pay's own object may be passed, `value` included. */
function redactDetail({ field, issue, location, signMessageLength }: WxPayErrorDetail): WxPayErrorDetail {
  return {
    ...(typeof field === 'string' && { field: redact(field) }),
    ...(typeof issue === 'string' && { issue: redact(issue) }),
    ...(typeof location === 'string' && { location: redact(location) }),
    ...(Number.isSafeInteger(signMessageLength) && { signMessageLength }),
  };
}
