/** Name of the merchant that is registered without a name. */
export const DEFAULT_MERCHANT = 'default';
