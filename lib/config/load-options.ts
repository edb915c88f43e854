import { WxPayConfigError, type WxPayOptions } from '../index.js';
import { Faults } from './faults.js';
import { loadV2Options } from './load-v2-options.js';
import { loadV3Options } from './load-v3-options.js';
import type { OptionsInput } from './own-options.js';
import { readEnvironment } from './read-environment.js';
import { variablesOf } from './variable.decorator.js';
import { WxPayEnvironment } from './wxpay-environment.js';
import { WxPayV2Environment } from './wxpay-v2-environment.js';
import { WxPayV3Environment } from './wxpay-v3-environment.js';

const KNOWN = new Set(
  [WxPayEnvironment, WxPayV3Environment, WxPayV2Environment].flatMap(({ prototype }) =>
    variablesOf(prototype).map(({ name }) => name),
  ),
);

/**
 * Creates the options of one merchant from environment variables. Variables of the other API are not read: an app may need
 * them for itself, or keep them to switch between the APIs.
 *
 * @throws {WxPayConfigError} with the faults of all variables, each starting with the name of the variable
 */
export function loadOptions(
  env: NodeJS.ProcessEnv,
  {
    prefix,
    merchant,
    makeSigner,
  }: Pick<OptionsInput, 'makeSigner'> & { readonly prefix: string; readonly merchant?: string },
): WxPayOptions {
  const faults = new Faults({ env, prefix, known: KNOWN });
  const environment = readEnvironment(WxPayEnvironment, env, faults);
  const { MCHID: mchid } = environment;
  const options = loadOwnOptions({ env, environment, faults, makeSigner });

  const found = faults.list();
  if (found.length > 0 || !mchid || !options) throw new WxPayConfigError(found, { merchant });
  return {
    ...options,
    mchid,
    notifyUrl: environment.NOTIFY_URL,
    refundNotifyUrl: environment.REFUND_NOTIFY_URL,
    hosts: environment.HOSTS,
    timeoutMs: environment.TIMEOUT_MS,
    attemptTimeoutMs: environment.ATTEMPT_TIMEOUT_MS,
    maxAttempts: environment.MAX_ATTEMPTS,
    maxInFlight: environment.MAX_IN_FLIGHT,
    minOrderAgeMs: environment.MIN_ORDER_AGE_MS,
    maxReplyBytes: environment.MAX_REPLY_BYTES,
    userAgent: environment.USER_AGENT,
  };
}

function loadOwnOptions(input: OptionsInput) {
  switch (input.environment.API) {
    case undefined:
      suggestV2(input.faults);
      return loadV3Options(input);
    case 'v3':
      return loadV3Options(input);
    case 'v2':
      return loadV2Options(input);
    default:
      // Validation has reported it. Other faults depend on the API that was intended.
      return undefined;
  }
}

/** Reports a missing `API=v2` first; otherwise the variables of APIv3 would be reported as missing. */
function suggestV2(faults: Faults): void {
  // Every APIv3 merchant has a serial number. An appid alone proves nothing: apps set it for many reasons.
  if (
    faults.isMeant('SERIAL_NO') ||
    !faults.isMeant('APPID') ||
    !faults.isMeant('API_V2_KEY', 'API_V2_KEY_FILE')
  ) {
    return;
  }
  faults.add(
    'API',
    `is not set, which means APIv3. ${faults.nameOf('API_V2_KEY')} belongs to APIv2: did you mean ${faults.nameOf('API')}=v2?`,
  );
}
