import { RsaSigner, WxPayConfigError, type WxPayV3Options } from '../index.js';
import { Faults } from './faults.js';
import { loadVerifier } from './load-verifier.js';
import { readEnvironment } from './read-environment.js';
import { readKey } from './read-key.js';

/**
 * Makes the options of one merchant from environment variables.
 *
 * @throws {WxPayConfigError} with every fault of every variable, each beginning with the name of the variable
 */
export function loadOptions(
  env: NodeJS.ProcessEnv,
  { prefix, merchant }: { readonly prefix: string; readonly merchant?: string },
): WxPayV3Options {
  const faults = new Faults(env, prefix);
  const environment = readEnvironment(env, faults);
  const { MCHID: mchid, SERIAL_NO: serialNo = '' } = environment;
  const privateKey = readKey(environment, 'PRIVATE_KEY', faults);
  const signer =
    privateKey &&
    faults.attempt(() => new RsaSigner({ privateKey: privateKey.key, serialNo }), {
      privateKey: privateKey.variable,
      serialNo: 'SERIAL_NO',
    });
  const verifier = loadVerifier({ environment, privateKey, signer, faults });

  const found = faults.list();
  if (found.length > 0 || !mchid || !signer || !verifier) throw new WxPayConfigError(found, { merchant });
  return {
    mchid,
    signer,
    verifier,
    apiV3Key: environment.API_V3_KEY,
    hosts: environment.HOSTS,
    timeoutMs: environment.TIMEOUT_MS,
    maxReplyBytes: environment.MAX_REPLY_BYTES,
    userAgent: environment.USER_AGENT,
  };
}
