import type {
  CombineApi,
  NotificationReader,
  OrderApi,
  RequestApi,
  ReverseApi,
} from '../domain/ports/apis.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';

/** The operations behind the services of a merchant. One that the merchant's API does not support throws, and says what to do. */
export interface MerchantApis {
  readonly orders: () => OrderApi;
  readonly combine: () => CombineApi;
  readonly reversal: () => ReverseApi;
  readonly requests: () => RequestApi;
  readonly notifications: () => NotificationReader;
}

/** Takes the place of operations that the merchant's API does not support. */
export function unsupported(merchant: string, remedy: string): () => never {
  return () => {
    throw new WxPayConfigError([remedy], { merchant });
  };
}
