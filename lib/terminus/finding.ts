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
 * - `wrong-key`: replies are signed with another key of WeChat Pay than the configured one
 * - `unreachable`: no usable reply in time
 * - `unverified`: a reply without a valid signature, for example one that a proxy has changed
 * - `unexpected-reply`: a verified reply that contradicts the documentation
 * - `request`: over APIv2 a service provider's check names no `subMchid`, so the key was not tested
 * - another kind of `WxPayApiError`, such as `rate-limited` or `gateway`: WeChat Pay refused the self-test for now
 * - `backup-host`: calls begin on a backup host, because the main host fails
 * - `certificate`: the platform certificate, or the client certificate of APIv2, ends within ten days
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
/** WeChat Pay offers the next platform certificate before; a client certificate takes days to renew. */
const CERTIFICATE_WARNING_MS = 10 * DAY_MS;
/** A fifth of what WeChat Pay and this package accept. */
const MAX_SKEW_MS = 60_000;

/** Names what went wrong, by the innermost error: a signer, a verifier or a download of certificates may be the cause. */
export function failureOf(error: unknown): SelfTestFailure {
  const cause = innermost(error);
  if (cause instanceof WxPayApiError) {
    const { kind } = cause;
    return { reason: kind, isConfigurationFault: kind === 'credentials' || kind === 'permission' };
  }
  if (cause instanceof WxPaySignatureError) {
    const { reason } = cause;
    if (reason === 'mismatch' || reason === 'unknown-serial') {
      return { reason: 'wrong-key', isConfigurationFault: true };
    }
    return { reason: reason === 'stale' ? 'clock-skew' : 'unverified', isConfigurationFault: false };
  }
  if (cause instanceof WxPayConfigError || cause instanceof WxPayInputError) {
    return { reason: 'configuration', isConfigurationFault: true };
  }
  return { reason: reasonOf(cause), isConfigurationFault: false };
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
