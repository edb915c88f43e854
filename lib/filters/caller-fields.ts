/** Parameters that an app takes from its own client; any other value in a request is the app's. */
const CALLER_FIELDS: ReadonlySet<string> = new Set([
  'out_trade_no',
  'transaction_id',
  'sub_mchid',
  'sub_appid',
  'combine_out_trade_no',
  'combine_transaction_id',
  'sub_orders',
]);

/**
 * Whether the field that WeChat Pay objects to came from the app's client. WeChat writes it as a name, a dotted
 * path or a JSON pointer: `out_trade_no`, `body.out_trade_no`, `#/sub_orders/0/mchid`.
 */
export function namesCallerValue(field: string | undefined): boolean {
  return field?.split(/[^A-Za-z0-9_]+/).some((name) => CALLER_FIELDS.has(name)) ?? false;
}
