/** Parameters that an app takes from its own client; any other value in a request is the app's. */
const CALLER_FIELDS: ReadonlySet<string> = new Set([
  'out_trade_no',
  'transaction_id',
  'out_refund_no',
  'refund_id',
  'sub_mchid',
  'sub_appid',
  'combine_out_trade_no',
  'combine_transaction_id',
  'sub_orders',
]);

/**
 * Finds the parameter of the app's client in the field that WeChat Pay objects to. WeChat writes that as a name, a
 * dotted path or a JSON pointer: `out_trade_no`, `body.out_trade_no`, `#/sub_orders/0/mchid`.
 *
 * @returns `undefined` for a value that is the app's own
 */
export function callerFieldIn(field: string | undefined): string | undefined {
  return field?.split(/[^A-Za-z0-9_]+/).findLast((name) => CALLER_FIELDS.has(name));
}
