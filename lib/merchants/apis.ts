import type { NotificationReader } from '../domain/ports/apis.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';

/** The operations that a merchant supports. One that its API does not support throws, and says what to do. */
export interface MerchantApis extends Omit<MerchantAccess, 'now' | 'closing'> {
  readonly notifications: () => NotificationReader;
}

/** Takes the place of operations that the merchant's API does not support. */
export function unsupported(merchant: string, remedy: string): () => never {
  return () => {
    throw new WxPayConfigError([remedy], { merchant });
  };
}
