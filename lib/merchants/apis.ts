import type { NotificationReader, SelfTestApi } from '../domain/ports/apis.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';

/** Operations of a merchant. An operation that its API does not support throws an error that names the remedy. */
export interface MerchantApis extends Omit<MerchantAccess, 'now' | 'closing'> {
  readonly notifications: () => NotificationReader;
  readonly selfTest: () => SelfTestApi;
  /** Expiry of the certificate that the merchant depends on; undefined if none is known. */
  readonly certificateExpiresAt: () => Date | undefined;
  /** WeChat Pay's clock minus this machine's in milliseconds, by the last reply that shows it; undefined if there was none. */
  readonly clockOffsetMs: () => number | undefined;
}

/** Creates the replacement of operations that the merchant's API does not support: a function that throws. */
export function unsupported(merchant: string, remedy: string): () => never {
  return () => {
    throw new WxPayConfigError([remedy], { merchant });
  };
}
