import {
  CombinedVerifier,
  PlatformCertificateVerifier,
  PublicKeyVerifier,
  RsaSigner,
  type PlatformCertificateVerifierOptions,
  type WxPayVerifier,
} from '../../index.js';
import type { MockWxPayKeys } from './keys.js';

/** What a merchant of the gateway verifies with; of both, the public key is the one asked for. */
export type MockVerifierKind = 'public-key' | 'certificates' | 'both';

/** The merchant's signer. */
export function signerFor({ merchantPrivateKey, merchantSerialNo }: MockWxPayKeys): RsaSigner {
  return new RsaSigner({ privateKey: merchantPrivateKey, serialNo: merchantSerialNo });
}

/** The merchant's verifier. */
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
