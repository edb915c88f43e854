/** The name of the shop's second merchant, an older one that uses APIv2. */
export const LEGACY_MERCHANT = 'legacy';
