import type { HttpService } from '@nestjs/axios';
import { MAX_TIMEOUT_MS } from '../domain/call-options.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { userAgent } from '../transport/user-agent.js';
import type { WxPayOptions } from './wxpay-options.js';

type Defaulted = 'hosts' | 'timeoutMs' | 'maxReplyBytes' | 'userAgent';

/** Options that are complete and checked. */
export type ResolvedOptions = WxPayOptions & Required<Pick<WxPayOptions, Defaulted>>;

const MAIN_HOST = 'https://api.mch.weixin.qq.com';

/**
 * Checks the options of a merchant and fills in the defaults.
 *
 * @param faults what is already known to be wrong with the registration
 * @throws {WxPayConfigError} with every fault
 */
export function resolveOptions(
  merchant: string,
  options: WxPayOptions,
  faults: readonly string[] = [],
): ResolvedOptions {
  const all = [...faults, ...faultsOf(options)];
  if (all.length > 0) throw new WxPayConfigError(all, { merchant });
  return {
    ...options,
    hosts: (options.hosts ?? [MAIN_HOST]).map((host) => new URL(host).origin),
    timeoutMs: options.timeoutMs ?? 10_000,
    maxReplyBytes: options.maxReplyBytes ?? 1_048_576,
    userAgent: userAgent(options.userAgent),
  };
}

/** What JavaScript callers and environments get wrong: every check treats its value as unknown. */
type Unchecked = Readonly<Partial<Record<keyof WxPayOptions, unknown>>>;

const CHECKS: { readonly [Name in keyof WxPayOptions]-?: (value: unknown) => string | undefined } = {
  api: (value) => fault(value === undefined || value === 'v3', "must be 'v3'."),
  mchid: (value) =>
    fault(
      matches(/^\d{1,32}$/, value),
      'must be the merchant number, a string of digits such as "1900000001".',
    ),
  signer: (value) =>
    fault(
      hasMethods(value, 'sign') &&
        matches(/^[0-9A-Za-z]+$/, value.serialNo) &&
        matches(/^[\w-]+$/, value.algorithm),
      'must be a WxPaySigner with algorithm, serialNo and sign(): pass new RsaSigner({ privateKey, serialNo }) or your own.',
    ),
  verifier: (value) =>
    fault(
      hasMethods(value, 'verify', 'acceptedSerialNo'),
      'must be a WxPayVerifier with verify() and acceptedSerialNo(): pass new PublicKeyVerifier({ publicKey, publicKeyId }) or your own.',
    ),
  apiV3Key: (value) =>
    fault(
      value === undefined || (typeof value === 'string' && Buffer.byteLength(value) === 32),
      'must be 32 bytes long, as set in the merchant console.',
    ),
  hosts: hostsFault,
  timeoutMs: (value) =>
    fault(isPositiveInteger(value, MAX_TIMEOUT_MS), 'must be a whole number of milliseconds, at least 1.'),
  maxReplyBytes: (value) =>
    fault(isPositiveInteger(value, Number.MAX_SAFE_INTEGER), 'must be a whole number of bytes, at least 1.'),
  httpService: (value) =>
    fault(value === undefined || hasAxios(value), 'must be an HttpService of @nestjs/axios.'),
  userAgent: (value) =>
    fault(
      value === undefined || matches(/^[\x20-\x7e]+$/, value),
      'must be printable ASCII, such as "shop/4.2".',
    ),
};

function faultsOf(options: WxPayOptions): string[] {
  if (typeof options !== 'object' || options === null)
    return ['The options are missing: return { mchid, signer, verifier } from your factory.'];
  const values: Unchecked = options;
  return Object.entries(CHECKS).flatMap(([name, check]) => {
    const problem = check(values[name as keyof WxPayOptions]);
    return problem === undefined ? [] : [`${name} ${problem}`];
  });
}

function hostsFault(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0)
    return `must be a list of origins, such as ["${MAIN_HOST}"].`;
  const wrong = value.findIndex((host) => !isSafeOrigin(host));
  return wrong === -1
    ? undefined
    : `must be origins without a path, https or plain http to a loopback address; number ${wrong + 1} is not.`;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isSafeOrigin(host: unknown): boolean {
  if (typeof host !== 'string' || !URL.canParse(host)) return false;
  const { protocol, hostname, origin, href } = new URL(host);
  return (
    href === `${origin}/` && (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname)))
  );
}

function fault(holds: boolean, problem: string): string | undefined {
  return holds ? undefined : problem;
}

function matches(pattern: RegExp, value: unknown): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isPositiveInteger(value: unknown, max: number): boolean {
  return (
    value === undefined || (Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max)
  );
}

function hasAxios(value: unknown): value is HttpService {
  return (
    typeof value === 'object' && value !== null && 'axiosRef' in value && typeof value.axiosRef === 'function'
  );
}

function hasMethods(value: unknown, ...names: readonly string[]): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as Readonly<Record<string, unknown>>;
  return names.every((name) => typeof candidate[name] === 'function');
}
