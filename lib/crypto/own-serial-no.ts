import { CombinedVerifier } from './combined-verifier.js';
import { PublicKeyVerifier } from './public-key-verifier.js';
import { normalizeSerialNo } from './serial-no.js';

/** Fault of a verifier that has it. The phrase follows the name of the option. */
export const OWN_SERIAL_NO =
  "has the serialNo of signer as its publicKeyId, the serial number of the merchant's own certificate: pass the identifier shown beside the WeChat Pay public key in the merchant console, PUB_KEY_ID_….";

/**
 * Returns true if a verifier expects WeChat Pay to sign with the merchant's own certificate. JavaScript callers may pass
 * values of any type.
 */
export function hasOwnSerialNo({
  signer,
  verifier,
}: {
  readonly signer?: unknown;
  readonly verifier?: unknown;
}): boolean {
  const { serialNo }: { readonly serialNo?: unknown } = signer ?? {};
  return typeof serialNo === 'string' && fixedKeyIds(verifier).includes(normalizeSerialNo(serialNo));
}

/** Returns the identifiers of the keys that a verifier was created with: of each PublicKeyVerifier, within a CombinedVerifier too. */
function fixedKeyIds(verifier: unknown): readonly string[] {
  if (verifier instanceof PublicKeyVerifier) return [verifier.publicKeyId];
  return verifier instanceof CombinedVerifier ? verifier.verifiers.flatMap(fixedKeyIds) : [];
}
