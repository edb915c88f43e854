import type { KeyObject } from 'node:crypto';
import { readApiV3Key } from '../../crypto/aes-gcm.js';
import { readOrReport } from '../../crypto/pem.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { isMchid } from '../../rules/formats.js';
import { MAX_TIMEOUT_MS } from '../../rules/limits.js';
import { HTTPS_AGENT_UNUSED, httpsAgentFault } from '../../transport/http/https-agent.js';
import { isOverseas, isSafeOrigin, OVERSEAS_FAULT } from '../../transport/origin.js';

/** Options from JavaScript callers, which may have any type. */
type Unchecked = Readonly<Record<string, unknown>>;

/**
 * Checks the options of a PlatformCertificateVerifier.
 *
 * @returns the APIv3 key
 * @throws {WxPayConfigError} with every fault
 */
export function checkVerifierOptions(options: object | null | undefined): KeyObject {
  const { mchid, signer, apiV3Key, hosts, httpService, httpsAgent, timeoutMs, trust } = (options ??
    {}) as Unchecked;
  const faults: string[] = [];
  const check = (holds: boolean, fault: string): void => void (holds || faults.push(fault));

  check(isMchid(mchid), 'mchid must be the merchant number, a string of digits such as "1900000001".');
  check(hasMethod(signer, 'sign'), 'signer must be a WxPaySigner: pass the signer of the merchant.');
  const key = readOrReport(() => readApiV3Key(apiV3Key as string), 'apiV3Key', faults);
  check(
    hosts === undefined || (Array.isArray(hosts) && hosts.length > 0 && hosts.every(isSafeOrigin)),
    'hosts must be a list of origins without a path, https or plain http to a loopback address.',
  );
  check(!Array.isArray(hosts) || !hosts.some(isOverseas), `hosts ${OVERSEAS_FAULT}`);
  check(
    httpService === undefined || hasMethod(httpService, 'axiosRef'),
    'httpService must be an HttpService of @nestjs/axios.',
  );
  const agentFault = httpsAgentFault(httpsAgent);
  check(agentFault === undefined, `httpsAgent ${agentFault}`);
  check(httpService === undefined || httpsAgent === undefined, HTTPS_AGENT_UNUSED);
  check(
    timeoutMs === undefined ||
      (Number.isSafeInteger(timeoutMs) && Number(timeoutMs) >= 1 && Number(timeoutMs) <= MAX_TIMEOUT_MS),
    'timeoutMs must be a whole number of milliseconds, at least 1.',
  );
  check(trust === undefined || hasMethod(trust, 'verify'), 'trust must be a WxPayVerifier.');

  if (key === undefined || faults.length > 0) throw new WxPayConfigError(faults);
  return key;
}

function hasMethod(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && typeof (value as Unchecked)[name] === 'function';
}
