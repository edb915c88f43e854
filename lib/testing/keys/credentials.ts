import {
  CombinedVerifier,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  RsaSigner,
  type PlatformCertificateVerifierOptions,
  type WxPayVerifier,
} from '../../index.js';
import type { MockWxPayKeys } from './keys.js';

/** Kind of verifier of a merchant. `both` prefers the public key. */
export type MockVerifierKind = 'public-key' | 'certificates' | 'both';

/** Creates the merchant's signer. */
export function signerFor({ merchantPrivateKey, merchantSerialNo }: MockWxPayKeys): RsaSigner {
  return new RsaSigner({ privateKey: merchantPrivateKey, serialNo: merchantSerialNo });
}

/** Creates the merchant's verifier. */
export function verifierFor(
  kind: MockVerifierKind,
  keys: MockWxPayKeys,
  download: Omit<PlatformCertificateVerifierOptions, 'signer' | 'apiV3Key'>,
): WxPayVerifier {
  const { platformPublicKey, publicKeyId, apiV3Key } = keys;
  const publicKey = new PublicKeyVerifier({ publicKey: platformPublicKey, publicKeyId });
  if (kind === 'public-key') return publicKey;
  const certificates = new PlatformCertificateVerifier({
    signer: signerFor(keys),
    apiV3Key,
    ...(kind === 'both' ? { trust: publicKey } : {}),
    ...download,
  });
  return kind === 'both' ? new CombinedVerifier([publicKey, certificates]) : certificates;
}
