import { RsaSigner, type WxPayV3Options } from '../index.js';
import { loadVerifier } from './load-verifier.js';
import type { OptionsInput, OwnOptions } from './own-options.js';
import { readEnvironment } from './read-environment.js';
import { readKey } from './read-key.js';
import { WxPayV3Environment } from './wxpay-v3-environment.js';

/** Makes the options that only APIv3 has; undefined if the variables they need are faulty. */
export function loadV3Options({
  env,
  environment: common,
  faults,
}: OptionsInput): OwnOptions<WxPayV3Options> | undefined {
  const environment = Object.assign(readEnvironment(WxPayV3Environment, env, faults), common);
  const { SERIAL_NO: serialNo = '', API_V3_KEY: apiV3Key, CODE_PAY_APPID: appid } = environment;
  const privateKey = readKey(environment, 'PRIVATE_KEY', faults);
  const signer =
    privateKey &&
    faults.attempt(() => new RsaSigner({ privateKey: privateKey.key, serialNo }), {
      privateKey: privateKey.variable,
      serialNo: 'SERIAL_NO',
    });
  const verifier = loadVerifier({ environment, privateKey, signer, faults });
  if (signer === undefined || verifier === undefined) return undefined;
  return { signer, verifier, apiV3Key, codePayReverse: appid === undefined ? undefined : { appid } };
}
