import { brand } from './brand.js';
import type { CallContext } from './call-context.js';
import type { CatalogEntry, WxPayApiErrorKind } from './catalog.js';
import { REASON_CODES } from './reason-codes.js';
import { redact, safeLine } from './redact.js';
import { findMeaning } from './special-cases.js';
import { WxPayError } from './wxpay-error.js';

/** Which part of the request WeChat Pay objects to. Its `value` is left out: it may be personal. */
export interface WxPayErrorDetail {
  /** A JSON pointer into the body, such as `/amount/total`, or the name of a parameter or header. */
  readonly field?: string;
  readonly issue?: string;
  /** The part of the request, such as `body`, `query`, `uri_template` or `authorization`. */
  readonly location?: string;
  /** Length in bytes of the message that WeChat Pay checked a signature against: their support asks for it. */
  readonly signMessageLength?: number;
}

export interface WxPayApiErrorInit {
  readonly call: CallContext;
  /** WeChat's own code, as received. */
  readonly code: string;
  readonly httpStatus: number;
  /** Whether a verified signature covers the reply. */
  readonly signed: boolean;
  /** WeChat's own text, as received. */
  readonly text?: string | undefined;
  readonly requestId?: string | undefined;
  readonly detail?: WxPayErrorDetail | undefined;
  readonly retryAfterMs?: number | undefined;
  /** Whether WeChat Pay itself asks for the call again; else code and status decide. */
  readonly asksAgain?: boolean | undefined;
}

/**
 * WeChat Pay received the call and refused it. Branch on `kind`, or on `code` for one exact reason.
 *
 * With `signed: false`, usual over APIv3, only TLS protects the reply: take it as a hint and query the order before you
 * drop it.
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
  /** True if WeChat Pay itself asks for the same call again, as APIv2 does with `recall`; absent otherwise. */
  readonly asksAgain?: true;

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
    if (init.retryAfterMs !== undefined) this.retryAfterMs = init.retryAfterMs;
    if (init.asksAgain === true) this.asksAgain = true;
  }
}

function describe(
  { call, httpStatus, requestId, text = '', detail, signed }: WxPayApiErrorInit,
  { code, remedy }: CatalogEntry,
): string {
  const reason = REASON_CODES[reasonCodeOf(requestId) ?? ''];
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

/** The code reaches the app's clients: anything but an identifier stays out. */
function codeOf(received: string): string {
  return /^[\w.-]{1,64}$/.test(received) && redact(received) === received ? received : 'UNKNOWN';
}

/** It reaches the app's clients too; WeChat's are hexadecimal digits, a hyphen and the reason. */
function requestIdOf(received: string | undefined): string | undefined {
  const [, id] = /^([\w.:-]{1,63}?)(?:-\d{1,20})?$/.exec(received ?? '') ?? [];
  return id !== undefined && redact(id) === id ? received : undefined;
}

function reasonCodeOf(requestId = ''): string | undefined {
  return /-(\d{1,20})$/.exec(requestId)?.[1];
}

/** Takes the known members only: at run time WeChat's own object, `value` included, may arrive here. */
function redactDetail({ field, issue, location, signMessageLength }: WxPayErrorDetail): WxPayErrorDetail {
  return {
    ...(typeof field === 'string' && { field: redact(field) }),
    ...(typeof issue === 'string' && { issue: redact(issue) }),
    ...(typeof location === 'string' && { location: redact(location) }),
    ...(Number.isSafeInteger(signMessageLength) && { signMessageLength }),
  };
}
