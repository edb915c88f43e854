import { WxPayApiError } from './wxpay-api-error.js';

/** Tells if a business rule refused the call. It restricts the merchant or the order, not the moment: waiting does not help. */
export function isRuleLimit(error: unknown): boolean {
  return error instanceof WxPayApiError && error.code === 'RULE_LIMIT';
}

/** Tells if WeChat Pay was called too often at the moment: the same call may succeed after a pause. */
export function isRateLimit(error: unknown): error is WxPayApiError {
  return error instanceof WxPayApiError && error.kind === 'rate-limited' && !isRuleLimit(error);
}
