/** Tells if two credentials hold the same keys. By shape: one of the app need not extend ours, and equals itself only. */
export function isSame<T extends { isSameAs?(other: T): boolean }>(
  one: T | undefined,
  other: T | undefined,
): boolean {
  return one === other || (other !== undefined && one?.isSameAs?.(other) === true);
}
