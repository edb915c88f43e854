import { isAbsent, memberOf } from './json.js';

/** Tells whether a member is a number or a filled string: WeChat Pay also sends an empty list or object for "none". */
export function isNamed(json: unknown, name: string): boolean {
  const value = memberOf(json, name);
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

/**
 * Tells whether content is an order, as opposed to a transaction of another product (parking, education), which WeChat Pay
 * also announces as `transaction`. Ambiguous content counts as an order and is refused when it is read: a payment mistaken
 * for another product would be lost without a trace.
 */
export function isOrder(json: unknown): boolean {
  const has = (name: string): boolean => isNamed(json, name);
  if (has('combine_out_trade_no')) return true;
  // Orders have trade_state_desc instead.
  if (has('trade_state_description') && isAbsent(memberOf(json, 'trade_state_desc'))) return false;
  // A provider's order has sp_appid. A merchant's own order has no sub_mchid, and its reader would drop one.
  return has('sp_mchid') ? !has('appid') || has('sp_appid') : !has('sub_mchid');
}
