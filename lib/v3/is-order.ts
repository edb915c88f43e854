import { isAbsent, memberOf } from './json.js';

/** Tells whether a member names something: WeChat Pay also sends an empty list or object for "none". */
export function isNamed(json: unknown, name: string): boolean {
  const value = memberOf(json, name);
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}

/**
 * Tells an order from a transaction of another product (parking, education), which WeChat Pay announces as `transaction` as
 * well. What is neither clearly another product nor readable as an order stays an order, and is refused when it is read: a
 * payment that was taken for another product would be lost without a trace.
 */
export function isOrder(json: unknown): boolean {
  const has = (name: string): boolean => isNamed(json, name);
  if (has('combine_out_trade_no')) return true;
  // Orders have trade_state_desc.
  if (has('trade_state_description') && isAbsent(memberOf(json, 'trade_state_desc'))) return false;
  // A provider's order has sp_appid. A merchant's own order has no sub-merchant; read as one, it would lose its owner.
  return has('sp_mchid') ? !has('appid') || has('sp_appid') : !has('sub_mchid');
}
