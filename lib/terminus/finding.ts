import {
  WxPayApiError,
  WxPayConfigError,
  WxPayError,
  WxPayInputError,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
  type WxPayApiErrorKind,
  type WxPayMerchantHealth,
} from '../index.js';

/**
 * Reason for which a merchant is degraded or down.
 *
 * - `configuration`: an option is invalid, or the merchant is not registered
 * - `credentials`, `permission`: WeChat Pay refuses the merchant, its keys or its product
 * - `wrong-key`: replies do not match the configured key of WeChat Pay, or a proxy changes them
 * - `unreachable`: no usable reply in time
 * - `unverified`: a reply without a signature, with a deliberately wrong one, or that was repeated
 * - `unexpected-reply`: a verified reply that contradicts the documentation
 * - `no-sub-merchant`: over APIv2 a service provider's check names no `subMchid`, so the key was not tested
 * - another kind of `WxPayApiError`, such as `rate-limited` or `gateway`: WeChat Pay refused the self-test for now
 * - `backup-host`: calls begin on a backup host, because the main host fails
 * - `certificate`: the platform certificate, or the client certificate of APIv2, expires within ten days
 * - `clock-skew`: the clock of this machine is off by more than a minute; from five minutes on all calls fail
 * - `reasons-failed`: the option `reasons` threw an error or was too slow
 * - any other: from the option `reasons`
 */
export type WxPayHealthReason =
  | 'configuration'
  | 'wrong-key'
  | 'unreachable'
  | 'unverified'
  | 'unexpected-reply'
  | 'no-sub-merchant'
  | 'backup-host'
  | 'certificate'
  | 'clock-skew'
  | 'reasons-failed'
  | WxPayApiErrorKind
  | (string & {});

/** Failure of a self-test. */
export interface SelfTestFailure {
  readonly reason: WxPayHealthReason;
  /** True if only another configuration of this app, or of the merchant in the console, mends it. */
  readonly isConfigurationFault: boolean;
}

const DAY_MS = 86_400_000;
/** By then WeChat Pay has long listed the next platform certificate; a client certificate takes days to renew. */
const CERTIFICATE_WARNING_MS = 10 * DAY_MS;
/** WeChat Pay and this package accept 300 s; warn from a fifth of it. */
const MAX_SKEW_MS = 60_000;
/** Difference from which on WeChat Pay refuses requests. */
const REFUSED_SKEW_MS = 300_000;
const CLOCK_SKEW: SelfTestFailure = { reason: 'clock-skew', isConfigurationFault: false };
/** No fault of the configuration: the key was not tested, and may be right. */
const NO_SUB_MERCHANT: SelfTestFailure = { reason: 'no-sub-merchant', isConfigurationFault: false };

/**
 * Names what went wrong, by the innermost error: a signer, a verifier or a download of certificates may be the cause.
 *
 * @param clockOffsetMs WeChat Pay's clock minus this machine's, in milliseconds
 */
export function failureOf(error: unknown, clockOffsetMs = 0): SelfTestFailure {
  const cause = innermost(error);
  if (cause instanceof WxPayApiError) {
    if (isAboutClock(cause, clockOffsetMs)) return CLOCK_SKEW;
    const { kind, code, detail } = cause;
    if (code === 'NO_AUTH' && detail?.field === 'sub_mch_id') return NO_SUB_MERCHANT;
    return { reason: kind, isConfigurationFault: kind === 'credentials' || kind === 'permission' };
  }
  if (cause instanceof WxPaySignatureError) {
    const { reason } = cause;
    if (reason === 'mismatch' || reason === 'unknown-serial') {
      return { reason: 'wrong-key', isConfigurationFault: true };
    }
    // A stale reply without an offset is a repeated one.
    if (reason === 'stale' && cause.clockOffsetMs !== undefined) return CLOCK_SKEW;
    return { reason: 'unverified', isConfigurationFault: false };
  }
  if (cause instanceof WxPayConfigError || cause instanceof WxPayInputError) {
    return { reason: 'configuration', isConfigurationFault: true };
  }
  return { reason: reasonOf(cause), isConfigurationFault: false };
}

/** Tells if WeChat Pay refused the timestamp of the request, which it checks before the signature, with the same code. */
function isAboutClock({ code, detail, message }: WxPayApiError, clockOffsetMs: number): boolean {
  if (code !== 'SIGN_ERROR') return false;
  const namesIt = detail?.field === 'timestamp' || message.includes('timestamp');
  return namesIt || Math.abs(clockOffsetMs) > REFUSED_SKEW_MS;
}

function reasonOf(cause: unknown): WxPayHealthReason {
  if (cause instanceof WxPayTransportError) return 'unreachable';
  return cause instanceof WxPayProtocolError ? 'unexpected-reply' : 'unknown';
}

function innermost(error: unknown): unknown {
  if (!(error instanceof WxPayError)) return error;
  return error.cause instanceof WxPayError ? innermost(error.cause) : error;
}

/** @param now milliseconds since the epoch */
export function warningsOf(health: WxPayMerchantHealth, now: number): readonly WxPayHealthReason[] {
  const { isOnBackupHost, certificateExpiresAt, clockOffsetMs = 0 } = health;
  const isEnding =
    certificateExpiresAt !== undefined && certificateExpiresAt.getTime() - now < CERTIFICATE_WARNING_MS;
  return [
    ...(isOnBackupHost ? ['backup-host'] : []),
    ...(isEnding ? ['certificate'] : []),
    ...(Math.abs(clockOffsetMs) > MAX_SKEW_MS ? ['clock-skew'] : []),
  ];
}
