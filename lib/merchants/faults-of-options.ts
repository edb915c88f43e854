import { hasOwnSerialNo, OWN_SERIAL_NO } from '../crypto/own-serial-no.js';
import {
  faultsOf,
  hasMethods,
  isInteger,
  isRecord,
  matches,
  must,
  optional,
  type Check,
  type UncheckedOptions,
} from '../rules/checks.js';
import { isApiKey, isAppid, isMchid } from '../rules/formats.js';
import {
  MAX_ATTEMPTS,
  MAX_IN_FLIGHT,
  MAX_MIN_ORDER_AGE_MS,
  MAX_SIGNING_CONCURRENCY,
  MAX_TIMEOUT_MS,
} from '../rules/limits.js';
import {
  areLoopback,
  isNotifyUrl,
  MAX_NOTIFY_URL,
  MAX_REFUND_NOTIFY_URL,
  notifyUrlFault,
} from '../rules/notify-url.js';
import { httpServiceFault } from '../transport/http/http-service.js';
import { HTTPS_AGENT_UNUSED, httpsAgentFault } from '../transport/http/https-agent.js';
import { hostsFault } from '../transport/origin.js';
import { clientCertificateFault } from './client-certificate-option.js';
import type { WxPayCommonOptions, WxPayOptions, WxPayV2Options, WxPayV3Options } from './wxpay-options.js';

type ChecksOf<Options> = { readonly [Name in keyof Options]-?: Check };

const APPID_PROBLEM = 'be the appid that orders are placed with, such as "wxd678efh567hg6787".';

const COMMON: ChecksOf<WxPayCommonOptions> = {
  mchid: must(isMchid, 'be the merchant number, a string of digits such as "1900000001".'),
  sharedMchid: must(
    optional((value) => typeof value === 'boolean'),
    'be true or false.',
  ),
  notifyUrl: notifyUrlOf(MAX_NOTIFY_URL),
  refundNotifyUrl: notifyUrlOf(MAX_REFUND_NOTIFY_URL),
  hosts: hostsFault,
  timeoutMs: must(optional(isInteger(1, MAX_TIMEOUT_MS)), 'be a whole number of milliseconds, at least 1.'),
  minOrderAgeMs: must(
    optional(isInteger(0, MAX_MIN_ORDER_AGE_MS)),
    `be a whole number of milliseconds from 0 to ${MAX_MIN_ORDER_AGE_MS}, seven days.`,
  ),
  attemptTimeoutMs: must(
    optional(isInteger(1, MAX_TIMEOUT_MS)),
    'be a whole number of milliseconds, at least 1.',
  ),
  maxAttempts: must(optional(isInteger(1, MAX_ATTEMPTS)), `be a whole number from 1 to ${MAX_ATTEMPTS}.`),
  maxInFlight: must(optional(isInteger(1, MAX_IN_FLIGHT)), `be a whole number from 1 to ${MAX_IN_FLIGHT}.`),
  hostRecoveryMs: must(
    optional(isInteger(1, MAX_TIMEOUT_MS)),
    'be a whole number of milliseconds, at least 1.',
  ),
  maxReplyBytes: must(
    optional(isInteger(1, Number.MAX_SAFE_INTEGER)),
    'be a whole number of bytes, at least 1.',
  ),
  httpService: httpServiceFault,
  httpsAgent: httpsAgentFault,
  userAgent: must(optional(matches(/^[\x20-\x7e]+$/)), 'be printable ASCII, such as "shop/4.2".'),
};

const V3: ChecksOf<WxPayV3Options> = {
  ...COMMON,
  api: must((value) => value === undefined || value === 'v3', "be 'v3' or 'v2'."),
  appid: must(optional(isAppid), APPID_PROBLEM),
  signer: must(
    (value) =>
      hasMethods(value, 'sign') &&
      matches(/^[0-9A-Za-z]+$/)(value.serialNo) &&
      matches(/^[\w-]+$/)(value.algorithm),
    'be a WxPaySigner with algorithm, serialNo and sign(): pass new RsaSigner({ privateKey, serialNo }) or your own.',
  ),
  verifier: must(
    (value) => hasMethods(value, 'verify', 'acceptedSerialNo'),
    'be a WxPayVerifier with verify() and acceptedSerialNo(): pass a PublicKeyVerifier, a PlatformCertificateVerifier, a CombinedVerifier of both, or your own.',
  ),
  apiV3Key: must(optional(isApiKey), 'be 32 bytes long, as set in the merchant console.'),
  signingConcurrency: must(
    optional(isInteger(1, MAX_SIGNING_CONCURRENCY)),
    `be a whole number from 1 to ${MAX_SIGNING_CONCURRENCY}.`,
  ),
  codePayReverse: must(
    optional((value) => isRecord(value) && isAppid(value.appid)),
    'be { appid } with the appid that 付款码 orders are placed with.',
  ),
};

const V2: ChecksOf<WxPayV2Options> = {
  ...COMMON,
  api: () => undefined,
  appid: must(isAppid, APPID_PROBLEM),
  signer: must(
    (value) => hasMethods(value, 'sign') && matches(/^(MD5|HMAC-SHA256)$/)(value.signType),
    'be a WxPayV2Signer with signType and sign(): pass new HmacSha256Signer({ key }) or your own.',
  ),
  clientCertificate: clientCertificateFault,
};

/** Names of the options that a merchant of either API may have. */
export const OPTION_NAMES: readonly string[] = [...new Set([...Object.keys(V3), ...Object.keys(V2)])];

/** Lists all faults of options. JavaScript callers and environment variables may pass values of any type. */
export function faultsOfOptions(options: WxPayOptions): string[] {
  if (!isRecord(options)) {
    return ['The options are missing: pass { mchid, signer, verifier }, or return them from your factory.'];
  }
  const values: UncheckedOptions = options;
  const faults = faultsOf(values, values.api === 'v2' ? V2 : V3);
  if (hasOwnSerialNo(values)) faults.push(`verifier ${OWN_SERIAL_NO}`);
  if (values.clientCertificate !== undefined && values.httpService !== undefined) {
    faults.push(
      'clientCertificate must go into the httpsAgent of your httpService: its agents are used, not ours.',
    );
  }
  if (values.httpsAgent !== undefined && values.httpService !== undefined) {
    faults.push(HTTPS_AGENT_UNUSED);
  }
  return faults;
}

function notifyUrlOf(max: number): Check {
  return (value, { hosts }) =>
    value === undefined || isNotifyUrl(value, { max, isLocalAllowed: areLoopback(hosts) })
      ? undefined
      : notifyUrlFault(max);
}
