/** Parameters that an app usually takes from its own client. All others are set by the app. */
const CALLER_FIELDS: ReadonlySet<string> = new Set([
  'out_trade_no',
  'transaction_id',
  'out_refund_no',
  'refund_id',
  'sub_mchid',
  'sub_appid',
  'combine_out_trade_no',
  'combine_transaction_id',
  'sub_mch_id',
  'auth_code',
  'bill_date',
]);

/**
 * Returns the parameter of the app's client that WeChat Pay rejected. WeChat Pay names a field as a plain name, a dotted path
 * or a JSON pointer: `out_trade_no`, `body.out_trade_no`, `#/sub_orders/0/mchid`.
 *
 * @returns `undefined` if the app set the value
 */
export function callerFieldIn(field: string | undefined): string | undefined {
  return field?.split(/[^A-Za-z0-9_]+/).findLast((name) => CALLER_FIELDS.has(name));
}
