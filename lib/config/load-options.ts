import { createPublicKey, KeyObject } from 'node:crypto';
import {
  PublicKeyVerifier,
  RsaSigner,
  WxPayConfigError,
  type KeyInput,
  type WxPayOptions,
} from '../index.js';
import { Faults } from './faults.js';
import { readEnvironment } from './read-environment.js';
import { readKey, type GivenKey } from './read-key.js';

/**
 * Makes the options of one merchant from environment variables.
 *
 * @throws {WxPayConfigError} with every fault of every variable, each beginning with the name of the variable
 */
export function loadOptions(
  env: NodeJS.ProcessEnv,
  { prefix, merchant }: { readonly prefix: string; readonly merchant?: string },
): WxPayOptions {
  const faults = new Faults(env, prefix);
  const environment = readEnvironment(env, faults);
  const { MCHID: mchid, SERIAL_NO: serialNo = '', PUBLIC_KEY_ID: publicKeyId = '' } = environment;
  const privateKey = readKey(environment, 'PRIVATE_KEY', faults);
  const publicKey = readKey(environment, 'PUBLIC_KEY', faults);

  const signer =
    privateKey &&
    faults.attempt(() => new RsaSigner({ privateKey: privateKey.key, serialNo }), {
      privateKey: privateKey.variable,
      serialNo: 'SERIAL_NO',
    });
  const verifier =
    publicKey &&
    faults.attempt(() => new PublicKeyVerifier({ publicKey: publicKey.key, publicKeyId }), {
      publicKey: publicKey.variable,
      publicKeyId: 'PUBLIC_KEY_ID',
    });
  if (signer && verifier) refuseOwnKey(publicKey, privateKey, faults);

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

/** The two files lie side by side in the download of the certificate tool, and nothing else tells them apart. */
function refuseOwnKey(publicKey: GivenKey, privateKey: GivenKey, faults: Faults): void {
  if (!publicHalf(publicKey.key).equals(publicHalf(privateKey.key))) return;
  faults.add(
    publicKey.variable,
    `belongs to the merchant's own private key in ${faults.nameOf(privateKey.variable)}. ` +
      'Use pub_key.pem, the WeChat Pay public key (微信支付公钥) from the merchant console, not apiclient_cert.pem.',
  );
}

function publicHalf(key: KeyInput): KeyObject {
  return key instanceof KeyObject && key.type === 'public' ? key : createPublicKey(key);
}
