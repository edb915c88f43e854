import type { KeyQuery, WxPayVerifier } from './verifier.js';

/** Tells whether a verifier has a key. A verifier without `hasKey` has only the key that it names for replies. */
export async function hasKey(verifier: WxPayVerifier, { serialNo, signal }: KeyQuery): Promise<boolean> {
  if (verifier.hasKey !== undefined) return verifier.hasKey({ serialNo, signal });
  return (await verifier.acceptedSerialNo({ signal })) === serialNo;
}
