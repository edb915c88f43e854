import type { WxPayApiErrorKind } from './catalog.js';
import { WxPayApiError } from './wxpay-api-error.js';

const NOT_FOUND: readonly WxPayApiErrorKind[] = ['order-not-found', 'refund-not-found'];

/** Tells whether WeChat Pay replied that the order, or the refund, does not exist. */
export function isNotFound(result: unknown): result is WxPayApiError {
  return result instanceof WxPayApiError && NOT_FOUND.includes(result.kind);
}
