import { WxPayApiError } from '../errors/wxpay-api-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import type { Excuse } from './attempt.js';

/** What is to be done after an attempt that failed. */
export interface Repeat {
  /** Which host is asked next. `same-first`: the same once more, then another. */
  readonly on: 'other' | 'same' | 'same-first';
  /** When to wait before it: a busy service is not pressed, and hosts that fail at once get more than milliseconds. */
  readonly pause: 'always' | 'after-each-round' | 'never';
  readonly countsAgainstHost: boolean;
  /** Whether a second failure of the kind ends the call. */
  readonly once: boolean;
  /** How long WeChat Pay asks to wait, in milliseconds. */
  readonly retryAfterMs?: number;
}

const HOST_FAILED: Repeat = {
  on: 'other',
  pause: 'after-each-round',
  countsAgainstHost: true,
  once: false,
};
const NOT_TO_BLAME: Repeat = { ...HOST_FAILED, countsAgainstHost: false };
const NOT_AS_PROMISED: Repeat = { ...NOT_TO_BLAME, once: true };
const UNPROVEN: Repeat = { ...NOT_TO_BLAME, on: 'same-first' };
const IDLE_CONNECTION: Repeat = { ...UNPROVEN, pause: 'never' };
const BUSY: Repeat = { ...UNPROVEN, pause: 'always' };
const ASKED_TOO_OFTEN: Repeat = { ...BUSY, on: 'same' };

/** Accepted, not finished: the same request again tells the rest (https://pay.weixin.qq.com/doc/v3/merchant/4012081717). */
const ACCEPTED = 202;

/**
 * Whether and how a failed attempt is repeated; undefined: it is not.
 *
 * What decides is the kind of failure, not the status: APIv2 reports every failure with HTTP 200.
 */
export function repeatAfter(error: unknown, excuse?: Excuse): Repeat | undefined {
  if (excuse === 'port') return undefined;
  if (excuse === 'idle-connection') return IDLE_CONNECTION;
  if (excuse === 'hurried') return NOT_TO_BLAME;
  if (excuse === 'too-large') return NOT_AS_PROMISED;
  if (error instanceof WxPayTransportError) return repeatWithoutAnswer(error);
  if (error instanceof WxPaySignatureError) return UNPROVEN;
  if (error instanceof WxPayProtocolError) return repeatAfterSurprise(error);
  if (error instanceof WxPayApiError) return repeatAfterRefusal(error);
  return undefined;
}

function repeatWithoutAnswer(error: WxPayTransportError): Repeat {
  // A page with 4xx blames the request: its path may be wrong, or a proxy may not let this one through.
  const { httpStatus = 0 } = error;
  return httpStatus >= 400 && httpStatus < 500 ? NOT_TO_BLAME : HOST_FAILED;
}

function repeatAfterSurprise({ httpStatus = 200 }: WxPayProtocolError): Repeat {
  if (httpStatus === ACCEPTED) return BUSY;
  return httpStatus >= 500 ? HOST_FAILED : NOT_AS_PROMISED;
}

function repeatAfterRefusal({ kind, code, httpStatus, retryAfterMs }: WxPayApiError): Repeat | undefined {
  // RULE_LIMIT restricts the merchant or the order, not the moment.
  if (code === 'RULE_LIMIT') return undefined;
  if (kind === 'rate-limited') return { ...ASKED_TOO_OFTEN, retryAfterMs };
  if (kind === 'gateway' || httpStatus === ACCEPTED) return { ...BUSY, retryAfterMs };
  return kind === 'unknown' && httpStatus >= 500 ? HOST_FAILED : undefined;
}
