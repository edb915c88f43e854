/**
 * Returns true if two credentials hold the same keys. Duck-typed: a signer or verifier of the app need not extend our class,
 * and without `isSameAs` it equals only itself.
 */
export function isSame<T extends { isSameAs?(other: T): boolean }>(
  one: T | undefined,
  other: T | undefined,
): boolean {
  return one === other || (other !== undefined && one?.isSameAs?.(other) === true);
}
