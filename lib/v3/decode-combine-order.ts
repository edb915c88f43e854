import type { CombineOrder, CombineSubOrder, CombineSubOrderAmount } from '../domain/combine-order.js';
import { withRaw, withTerms } from './decode-order.js';
import { withLenient, lenient } from './lenient.js';
import { promotions } from './decode-promotions.js';
import {
  dateTime,
  identifier,
  integer,
  list,
  object,
  optional,
  optionalOrNone,
  required,
  text,
  type Field,
  type Reader,
} from './json.js';

/** Amount of a sub-order. As in single orders, the customer's amount and its currency are left out together. */
const amount = withLenient(
  object<Pick<CombineSubOrderAmount, 'totalAmount' | 'currency' | 'settlementRate'>>({
    totalAmount: required('total_amount', integer),
    currency: optional('currency', text),
    settlementRate: lenient('settlement_rate', integer),
  }),
  object<Pick<CombineSubOrderAmount, 'payerAmount' | 'payerCurrency'>>({
    payerAmount: optional('payer_amount', integer),
    payerCurrency: optional('payer_currency', text),
  }),
);

const subOrder = withTerms(
  object<Omit<CombineSubOrder, 'amount' | 'tradeType'>>({
    mchid: required('mchid', identifier),
    outTradeNo: required('out_trade_no', identifier),
    tradeState: required('trade_state', identifier),
    transactionId: optionalOrNone('transaction_id', text),
    subMchid: optionalOrNone('sub_mchid', text),
    subAppid: lenient('sub_appid', text),
    subOpenid: lenient('sub_openid', text),
    bankType: lenient('bank_type', text),
    attach: lenient('attach', text),
    successTime: lenient('success_time', dateTime),
    promotionDetail: lenient('promotion_detail', promotions),
  }),
  amount,
);

const combineAppid = lenient('combine_appid', text);

const combineOrder = object<Omit<CombineOrder, 'raw'>>({
  combineAppid: {
    ...combineAppid,
    read: (...args) => combineAppid.read(...args) ?? '',
  } satisfies Field<string>,
  combineMchid: required('combine_mchid', identifier),
  combineOutTradeNo: required('combine_out_trade_no', identifier),
  combineTransactionId: optionalOrNone('combine_transaction_id', text),
  combinePayerInfo: lenient('combine_payer_info', object({ openid: lenient('openid', text) })),
  sceneInfo: lenient('scene_info', object({ deviceId: lenient('device_id', text) })),
  tradeScenario: lenient('trade_scenario', text),
  subOrders: required('sub_orders', list(subOrder)),
});

/**
 * Reads a combine order from a verified reply. `raw` keeps the fields and states that are not listed here, and unreadable
 * lenient fields.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
 */
export const decodeCombineOrder: Reader<CombineOrder> = (json, path, leftOut) =>
  withRaw(combineOrder(json, path, leftOut), json);
