import { isRuleLimit } from '../../errors/rate-limit.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayProtocolError } from '../../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import type { FailureOrigin } from './attempt.js';

/** The way in which a failed attempt is retried. */
export interface RetryDecision {
  /** The host of the next attempt. `same-first`: the same once more, then another. */
  readonly on: 'other' | 'same' | 'same-first';
  /** The pause before it: it relieves a busy service, and gives hosts that fail immediately more than milliseconds. */
  readonly pause: 'always' | 'after-each-round' | 'never';
  readonly countsAgainstHost: boolean;
  /** True if a second failure of the kind ends the call. */
  readonly once: boolean;
  /** The delay that WeChat Pay requested, in milliseconds. */
  readonly retryAfterMs?: number;
}

const HOST_FAILED: RetryDecision = {
  on: 'other',
  pause: 'after-each-round',
  countsAgainstHost: true,
  once: false,
};
const HOST_NOT_AT_FAULT: RetryDecision = { ...HOST_FAILED, countsAgainstHost: false };
const UNEXPECTED_REPLY: RetryDecision = { ...HOST_NOT_AT_FAULT, once: true };
const UNVERIFIED: RetryDecision = { ...HOST_NOT_AT_FAULT, on: 'same-first' };
const STALE_CONNECTION: RetryDecision = { ...UNVERIFIED, pause: 'never' };
const BUSY: RetryDecision = { ...UNVERIFIED, pause: 'always' };
const RATE_LIMITED: RetryDecision = { ...BUSY, on: 'same' };

/** Accepted, but not finished: the same request, sent again, returns the result (https://pay.weixin.qq.com/doc/v3/merchant/4012081717). */
const ACCEPTED = 202;

/**
 * Decides by the kind of failure, not by the status: APIv2 reports every failure with HTTP 200.
 *
 * @returns undefined if the attempt is not retried
 */
export function retryDecision(error: unknown, origin: FailureOrigin): RetryDecision | undefined {
  if (origin === 'app') return undefined;
  if (origin === 'stale-connection') return STALE_CONNECTION;
  if (origin === 'short-timeout') return HOST_NOT_AT_FAULT;
  if (origin === 'oversized-reply') return UNEXPECTED_REPLY;
  if (error instanceof WxPayTransportError) return afterTransportError(error);
  if (error instanceof WxPaySignatureError) return UNVERIFIED;
  if (error instanceof WxPayProtocolError) return afterUnexpectedReply(error);
  if (error instanceof WxPayApiError) return afterRefusal(error);
  return undefined;
}

function afterTransportError(error: WxPayTransportError): RetryDecision {
  // A page with 4xx says that the request is at fault: its path may be wrong, or a proxy may not let it through.
  const { httpStatus = 0 } = error;
  return httpStatus >= 400 && httpStatus < 500 ? HOST_NOT_AT_FAULT : HOST_FAILED;
}

function afterUnexpectedReply({ httpStatus = 200 }: WxPayProtocolError): RetryDecision {
  if (httpStatus === ACCEPTED) return BUSY;
  return httpStatus >= 500 ? HOST_FAILED : UNEXPECTED_REPLY;
}

function afterRefusal(refusal: WxPayApiError): RetryDecision | undefined {
  const { kind, httpStatus, retryAfterMs } = refusal;
  // INVALID_REQ_TOO_MUCH means that too many faulty requests were sent; a retry would count as another one.
  if (isRuleLimit(refusal) || refusal.code === 'INVALID_REQ_TOO_MUCH') return undefined;
  if (kind === 'rate-limited') return { ...RATE_LIMITED, retryAfterMs };
  if (kind === 'gateway' || httpStatus === ACCEPTED) return { ...BUSY, retryAfterMs };
  return kind === 'unknown' && httpStatus >= 500 ? HOST_FAILED : undefined;
}
