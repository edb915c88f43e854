import type { KeyObject } from 'node:crypto';
import { readApiV3Key } from '../../crypto/aes-gcm.js';
import { hasOwnSerialNo, OWN_SERIAL_NO } from '../../crypto/own-serial-no.js';
import { InvalidKeyError } from '../../crypto/pem.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { faultsOf, hasMethods, isInteger, must, optional, type Check } from '../../rules/checks.js';
import { isMchid } from '../../rules/formats.js';
import { MAX_TIMEOUT_MS } from '../../rules/limits.js';
import { httpServiceFault } from '../../transport/http/http-service.js';
import { HTTPS_AGENT_UNUSED, httpsAgentFault } from '../../transport/http/https-agent.js';
import { hostsFault } from '../../transport/origin.js';

const CHECKS: Readonly<Record<string, Check>> = {
  mchid: must(isMchid, 'be the merchant number, a string of digits such as "1900000001".'),
  signer: must((value) => hasMethods(value, 'sign'), 'be a WxPaySigner: pass the signer of the merchant.'),
  apiV3Key: apiV3KeyFault,
  hosts: hostsFault,
  httpService: httpServiceFault,
  httpsAgent: httpsAgentFault,
  timeoutMs: must(optional(isInteger(1, MAX_TIMEOUT_MS)), 'be a whole number of milliseconds, at least 1.'),
  trust: must(
    optional((value) => hasMethods(value, 'verify')),
    'be a WxPayVerifier.',
  ),
};

/**
 * Checks the options of a PlatformCertificateVerifier.
 *
 * @returns the APIv3 key
 * @throws {WxPayConfigError} with every fault
 */
export function checkVerifierOptions(options: object | null | undefined): KeyObject {
  const values = (options ?? {}) as Readonly<Record<string, unknown>>;
  const faults = faultsOf(values, CHECKS);
  if (values.httpsAgent !== undefined && values.httpService !== undefined) faults.push(HTTPS_AGENT_UNUSED);
  if (hasOwnSerialNo({ signer: values.signer, verifier: values.trust })) {
    faults.push(`trust ${OWN_SERIAL_NO}`);
  }
  if (faults.length > 0) throw new WxPayConfigError(faults);
  return readApiV3Key(values.apiV3Key as string);
}

function apiV3KeyFault(value: unknown): string | undefined {
  try {
    readApiV3Key(value as string);
    return undefined;
  } catch (error) {
    if (!(error instanceof InvalidKeyError)) throw error;
    return error.message;
  }
}
