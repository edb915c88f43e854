import { RsaSigner, type WxPaySigner, type WxPayV3Options } from '../index.js';
import type { Faults } from './faults.js';
import { loadVerifier } from './load-verifier.js';
import type { OptionsInput, OwnOptions, SignerFactory } from './own-options.js';
import { readEnvironment } from './read-environment.js';
import { readContent, type GivenContent } from './read-content.js';
import { WxPayV3Environment } from './wxpay-v3-environment.js';

/** Creates the options that only APIv3 has; undefined if a required variable is invalid. */
export function loadV3Options({
  env,
  environment: common,
  faults,
  makeSigner,
}: OptionsInput): OwnOptions<WxPayV3Options> | undefined {
  const environment = Object.assign(readEnvironment(WxPayV3Environment, env, faults), common);
  const { SERIAL_NO: serialNo, API_V3_KEY: apiV3Key, APPID: appid } = environment;
  const { SIGNING_CONCURRENCY: signingConcurrency, CODE_PAY_APPID: codePayAppid } = environment;
  const privateKey = makeSigner === undefined ? readContent(environment, 'PRIVATE_KEY', faults) : undefined;
  const signer = loadSigner({ privateKey, serialNo, faults, makeSigner });
  const verifier = loadVerifier({ environment, privateKey, signer, faults });
  if (signer === undefined || verifier === undefined) return undefined;
  const codePayReverse = codePayAppid === undefined ? undefined : { appid: codePayAppid };
  return { appid, signer, verifier, apiV3Key, signingConcurrency, codePayReverse };
}

/** Creates the signer. `makeSigner` is not called without a serial number, which validation has already reported. */
function loadSigner({
  privateKey,
  serialNo,
  faults,
  makeSigner,
}: {
  readonly privateKey: GivenContent | undefined;
  readonly serialNo: string | undefined;
  readonly faults: Faults;
  readonly makeSigner: SignerFactory | undefined;
}): WxPaySigner | undefined {
  if (makeSigner !== undefined) return serialNo === undefined ? undefined : makeSigner({ serialNo });
  return (
    privateKey &&
    faults.attempt(() => new RsaSigner({ privateKey: privateKey.content, serialNo: serialNo ?? '' }), {
      privateKey: privateKey.variable,
      serialNo: 'SERIAL_NO',
    })
  );
}
