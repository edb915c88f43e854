import { brand } from './brand.js';
import { WxPayError, type WxPayErrorInit } from './wxpay-error.js';

/**
 * - `missing`: a signature header is absent, or in APIv2 the field `sign`
 * - `stale`: the message is dated more than five minutes from our clock, in the past or in the future, or is a reply that
 *   names no order and was accepted before, over APIv2 for another order
 * - `unknown-serial`: the signing key is not configured
 * - `mismatch`: the signature does not verify against the key
 * - `probe`: a deliberately wrong signature, which WeChat Pay sends now and then to test its clients
 */
export type WxPaySignatureFault = 'missing' | 'stale' | 'unknown-serial' | 'mismatch' | 'probe';

export interface WxPaySignatureErrorInit extends Pick<WxPayErrorInit, 'merchant' | 'cause'> {
  /** WeChat Pay's clock minus this machine's, in milliseconds. */
  readonly clockOffsetMs?: number | undefined;
}

/** The signature of a reply or notification could not be verified, so it was rejected. A retry may succeed. */
export class WxPaySignatureError extends WxPayError {
  readonly code = 'WXPAY_SIGNATURE';
  readonly reason: WxPaySignatureFault;
  /** WeChat Pay's clock minus this machine's in milliseconds, if the difference is the failure. */
  declare readonly clockOffsetMs?: number;

  static {
    brand(this, 'WxPaySignatureError');
  }

  /** @param message the fault and the next step; the library sets it for verifiers that give none */
  constructor(
    reason: WxPaySignatureFault,
    message = `The signature is not acceptable: ${reason}.`,
    { clockOffsetMs, ...init }: WxPaySignatureErrorInit = {},
  ) {
    super(message, { ...init, retryable: true });
    this.reason = reason;
    if (clockOffsetMs !== undefined) this.clockOffsetMs = clockOffsetMs;
  }
}
