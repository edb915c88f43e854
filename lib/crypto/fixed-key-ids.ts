import { CombinedVerifier } from './combined-verifier.js';
import { PublicKeyVerifier } from './public-key-verifier.js';

/** Returns the identifiers of the keys that a verifier was created with: of each PublicKeyVerifier, within a CombinedVerifier too. */
export function fixedKeyIds(verifier: unknown): readonly string[] {
  if (verifier instanceof PublicKeyVerifier) return [verifier.publicKeyId];
  return verifier instanceof CombinedVerifier ? verifier.verifiers.flatMap(fixedKeyIds) : [];
}
