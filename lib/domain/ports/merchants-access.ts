import type { MerchantAccess } from './merchant-access.js';

/** Access of a service to all merchants of an app. */
export interface MerchantsAccess {
  /** Returns the access to a merchant by its registered name; throws WxPayConfigError if there is none. */
  readonly of: (merchant: string) => MerchantAccess;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Aborted when the app is closed. */
  readonly closing: AbortSignal;
}
