import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { DEFAULT_MAX_REPLY_BYTES } from '../rules/limits.js';
import {
  DEFAULT_HOSTS,
  DEFAULT_MAX_IN_FLIGHT,
  DEFAULT_TIMEOUT_MS,
  failoverDefaults,
} from '../transport/defaults.js';
import { userAgent } from '../transport/http/user-agent.js';
import { readClientCertificate } from './client-certificate-option.js';
import { faultsOfOptions } from './faults-of-options.js';
import { pickOptions } from './pick-options.js';
import type { WxPayCommonOptions, WxPayOptions, WxPayV2Options, WxPayV3Options } from './wxpay-options.js';

type Defaulted = Required<
  Omit<
    WxPayCommonOptions,
    'mchid' | 'sharedMchid' | 'httpService' | 'httpsAgent' | 'notifyUrl' | 'refundNotifyUrl'
  >
>;

export type ResolvedV3Options = WxPayV3Options &
  Defaulted & { readonly api: 'v3'; readonly signingConcurrency: number };
export type ResolvedV2Options = WxPayV2Options & Defaulted;
/** Checked options with all defaults. */
export type ResolvedOptions = ResolvedV3Options | ResolvedV2Options;

/**
 * Checks the options of a merchant and fills in the defaults.
 *
 * @param faults faults of the registration that are already known
 * @throws {WxPayConfigError} with every fault
 */
export function resolveOptions(
  merchant: string,
  given: WxPayOptions,
  faults: readonly string[] = [],
): ResolvedOptions {
  const options = pickOptions(given);
  const all = [...faults, ...faultsOfOptions(options)];
  if (all.length > 0) throw new WxPayConfigError(all, { merchant });
  const { hosts = DEFAULT_HOSTS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const failover = failoverDefaults(timeoutMs);
  const defaults: Defaulted = {
    hosts: hosts.map((host) => new URL(host).origin),
    timeoutMs,
    minOrderAgeMs: options.minOrderAgeMs ?? 300_000,
    attemptTimeoutMs: options.attemptTimeoutMs ?? failover.attemptTimeoutMs,
    maxAttempts: options.maxAttempts ?? failover.maxAttempts,
    hostRecoveryMs: options.hostRecoveryMs ?? failover.hostRecoveryMs,
    maxInFlight: options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT,
    maxReplyBytes: options.maxReplyBytes ?? DEFAULT_MAX_REPLY_BYTES,
    userAgent: userAgent(options.userAgent),
  };
  if (options.api === 'v2') {
    const { clientCertificate } = options;
    return {
      ...options,
      ...defaults,
      clientCertificate: clientCertificate && readClientCertificate(clientCertificate),
    };
  }
  return { ...options, ...defaults, api: 'v3', signingConcurrency: options.signingConcurrency ?? 4 };
}
