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
 * Makes the options of one merchant from environment variables. Those of the API that it does not use are left alone:
 * an app may well need them itself, or keep them to change the API and back.
 *
 * @throws {WxPayConfigError} with every fault of every variable, each beginning with the name of the variable
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
      // Validation has said so; what else is wrong depends on which of the two is meant.
      return undefined;
  }
}

/** Names the cause before the variables of APIv3 that it will be blamed on. */
function suggestV2(faults: Faults): void {
  // No merchant of APIv3 is without a serial number; an appid is set for many reasons.
  if (
    faults.isMeant('SERIAL_NO') ||
    !faults.isMeant('APPID') ||
    !faults.isMeant('API_V2_KEY', 'API_V2_KEY_FILE')
  )
    return;
  faults.add(
    'API',
    `is not set, which means APIv3. ${faults.nameOf('APPID')} and ${faults.nameOf('API_V2_KEY')} are those of APIv2: did you mean ${faults.nameOf('API')}=v2?`,
  );
}
