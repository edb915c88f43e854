import { WxPayApiError } from './wxpay-api-error.js';

/**
 * Returns true if a business rule refused the call. The rule restricts the merchant or the order: the same call may succeed much
 * later, but neither an immediate retry nor a pause of the other calls helps.
 */
export function isRuleLimit(error: unknown): boolean {
  return error instanceof WxPayApiError && error.code === 'RULE_LIMIT';
}

/** Returns true if WeChat Pay refused the call because of its rate. The same call may succeed after a pause. */
export function isRateLimit(error: unknown): error is WxPayApiError {
  return error instanceof WxPayApiError && error.kind === 'rate-limited' && !isRuleLimit(error);
}
