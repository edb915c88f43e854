import { HmacSha256Signer, Md5Signer, type WxPayV2Options } from '../index.js';
import { loadClientCertificate } from './load-client-certificate.js';
import type { OptionsInput, OwnOptions } from './own-options.js';
import { readEnvironment, SET_IT } from './read-environment.js';
import { WxPayV2Environment } from './wxpay-v2-environment.js';

/** Creates the options that only APIv2 has; undefined if a required variable is invalid. */
export function loadV2Options({
  env,
  environment: common,
  faults,
}: OptionsInput): OwnOptions<WxPayV2Options> | undefined {
  if (common.APPID === undefined) faults.addMissing(['APPID'], SET_IT);
  const environment = Object.assign(readEnvironment(WxPayV2Environment, env, faults), common);
  const { APPID: appid, API_V2_KEY: key, SIGN_TYPE: signType } = environment;
  const clientCertificate = loadClientCertificate(environment, faults);
  if (appid === undefined || key === undefined) return undefined;
  const Signer = signType === 'MD5' ? Md5Signer : HmacSha256Signer;
  const signer = faults.attempt(() => new Signer({ key }), { key: 'API_V2_KEY' });
  return signer && { api: 'v2', appid, signer, clientCertificate };
}
