import type { CombineOrder, CombineSubOrder, CombineSubOrderAmount } from '../domain/combine-order.js';
import { withAmount, withRaw } from './decode-order.js';
import { decorated, decoration } from './decoration.js';
import { promotions } from './decode-promotions.js';
import {
  dateTime,
  identifier,
  integer,
  list,
  object,
  optional,
  required,
  text,
  type Field,
  type Reader,
} from './json.js';

/** Amount of a sub-order. As in single orders, the customer's amount and its currency are left out together. */
const amount = decorated(
  object<Pick<CombineSubOrderAmount, 'totalAmount' | 'currency' | 'settlementRate'>>({
    totalAmount: required('total_amount', integer),
    currency: optional('currency', text),
    settlementRate: decoration('settlement_rate', integer),
  }),
  object<Pick<CombineSubOrderAmount, 'payerAmount' | 'payerCurrency'>>({
    payerAmount: optional('payer_amount', integer),
    payerCurrency: optional('payer_currency', text),
  }),
);

const subOrder = withAmount(
  object<Omit<CombineSubOrder, 'amount'>>({
    mchid: required('mchid', identifier),
    outTradeNo: required('out_trade_no', identifier),
    tradeState: required('trade_state', identifier),
    tradeType: optional('trade_type', text),
    transactionId: optional('transaction_id', text),
    subMchid: optional('sub_mchid', text),
    subAppid: decoration('sub_appid', text),
    subOpenid: decoration('sub_openid', text),
    bankType: decoration('bank_type', text),
    attach: decoration('attach', text),
    successTime: decoration('success_time', dateTime),
    promotionDetail: decoration('promotion_detail', promotions),
  }),
  amount,
);

const combineAppid = decoration('combine_appid', text);

const combineOrder = object<Omit<CombineOrder, 'raw'>>({
  combineAppid: {
    ...combineAppid,
    read: (...args) => combineAppid.read(...args) ?? '',
  } satisfies Field<string>,
  combineMchid: required('combine_mchid', identifier),
  combineOutTradeNo: required('combine_out_trade_no', identifier),
  combineTransactionId: optional('combine_transaction_id', text),
  combinePayerInfo: decoration('combine_payer_info', object({ openid: decoration('openid', text) })),
  sceneInfo: decoration('scene_info', object({ deviceId: decoration('device_id', text) })),
  tradeScenario: decoration('trade_scenario', text),
  subOrders: required('sub_orders', list(subOrder)),
});

/**
 * Reads a combine order from a verified reply. `raw` keeps the fields and states that are not listed here, and decoration
 * that cannot be read.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
 */
export const decodeCombineOrder: Reader<CombineOrder> = (json, path, leftOut) =>
  withRaw(combineOrder(json, path, leftOut), json);
