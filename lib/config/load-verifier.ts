import { createPublicKey } from 'node:crypto';
import { readPrivateKey, readPublicKey } from '../crypto/pem.js';
import {
  CombinedVerifier,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  type WxPaySigner,
  type WxPayVerifier,
} from '../index.js';
import type { Faults } from './faults.js';
import { readContent, type GivenContent } from './read-content.js';
import { KEEP_NAME } from './read-environment.js';
import type { WxPayEnvironment } from './wxpay-environment.js';
import type { VerificationKey, WxPayV3Environment } from './wxpay-v3-environment.js';

export interface VerifierInput {
  readonly environment: WxPayEnvironment & WxPayV3Environment;
  readonly privateKey: GivenContent | undefined;
  readonly signer: WxPaySigner | undefined;
  readonly faults: Faults;
}

/** Creates the verifier of replies; undefined if a required variable is invalid. */
export function loadVerifier(input: VerifierInput): WxPayVerifier | undefined {
  const keys = verificationKeys(input);
  const publicKey = keys.includes('public-key') ? publicKeyVerifier(input) : undefined;
  const certificates = keys.includes('certificates') ? certificateVerifier(input, publicKey) : undefined;
  const verifiers = keys
    .map((key) => (key === 'public-key' ? publicKey : certificates))
    .filter((verifier) => verifier !== undefined);
  return verifiers.length > 1 ? new CombinedVerifier(verifiers) : verifiers[0];
}

/**
 * Chooses the verification keys. Certificates are the default only if no variable resembles one of the public key: a typo
 * must not change the kind of key.
 */
function verificationKeys({ environment, faults }: VerifierInput): readonly VerificationKey[] {
  if (environment.VERIFY_WITH !== undefined) return environment.VERIFY_WITH;
  const isPublicKeyMeant = faults.isMeant('PUBLIC_KEY_ID', 'PUBLIC_KEY', 'PUBLIC_KEY_FILE');
  const isApiV3KeyMeant = faults.isMeant('API_V3_KEY', 'API_V3_KEY_FILE');
  return isPublicKeyMeant || !isApiV3KeyMeant ? ['public-key'] : ['certificates'];
}

function publicKeyVerifier({
  environment,
  privateKey,
  signer,
  faults,
}: VerifierInput): WxPayVerifier | undefined {
  const { PUBLIC_KEY_ID: publicKeyId = '' } = environment;
  if (publicKeyId === '') {
    faults.addMissing(
      ['PUBLIC_KEY_ID'],
      `Set it to the identifier of the WeChat Pay public key in the merchant console, PUB_KEY_ID_…. A merchant with platform certificates (平台证书) sets ${faults.nameOf('API_V3_KEY')} in place of the public key. ${KEEP_NAME}`,
    );
  }
  const publicKey = readContent(environment, 'PUBLIC_KEY', faults);
  if (publicKey === undefined) return undefined;
  const verifier = faults.attempt(
    () => new PublicKeyVerifier({ publicKey: publicKey.content, publicKeyId }),
    { publicKey: publicKey.variable, publicKeyId: 'PUBLIC_KEY_ID' },
  );
  // The private key is valid if a signer was created with it.
  if (verifier && privateKey && signer) rejectOwnKey(publicKey, privateKey, faults);
  return verifier;
}

function certificateVerifier(
  { environment, signer, faults }: VerifierInput,
  trustedVerifier: WxPayVerifier | undefined,
): WxPayVerifier | undefined {
  const { MCHID: mchid, API_V3_KEY: apiV3Key, HOSTS: hosts, TIMEOUT_MS: timeoutMs } = environment;
  if (apiV3Key === undefined) {
    faults.addMissing(
      ['API_V3_KEY', 'API_V3_KEY_FILE'],
      `Set it to the APIv3 key (APIv3密钥) of the merchant console: platform certificates come encrypted with it. ${KEEP_NAME}`,
    );
  }
  if (mchid === undefined || signer === undefined || apiV3Key === undefined) return undefined;
  return faults.attempt(
    () =>
      new PlatformCertificateVerifier({ mchid, signer, apiV3Key, hosts, timeoutMs, trust: trustedVerifier }),
    {
      mchid: 'MCHID',
      apiV3Key: 'API_V3_KEY',
      hosts: 'HOSTS',
      timeoutMs: 'TIMEOUT_MS',
      trust: 'PUBLIC_KEY_ID',
    },
  );
}

/** Rejects the merchant's own public key: WeChat Pay's certificate tool puts the files side by side, and they look alike. */
function rejectOwnKey(publicKey: GivenContent, privateKey: GivenContent, faults: Faults): void {
  const ownKey = createPublicKey(readPrivateKey(privateKey.content));
  if (!readPublicKey(publicKey.content).equals(ownKey)) return;
  faults.add(
    publicKey.variable,
    `belongs to the merchant's own private key in ${faults.nameOf(privateKey.variable)}. ` +
      'Use pub_key.pem, the WeChat Pay public key (微信支付公钥) from the merchant console, not apiclient_cert.pem.',
  );
}
