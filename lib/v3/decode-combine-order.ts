import type { CombineOrder, CombineSubOrder, CombineSubOrderAmount } from '../domain/combine-order.js';
import { promotionDetail, withRaw } from './decode-order.js';
import {
  dateTime,
  identifier,
  integer,
  list,
  object,
  optional,
  required,
  text,
  type Reader,
} from './json.js';

const amount = object<CombineSubOrderAmount>({
  totalAmount: required('total_amount', integer),
  payerAmount: optional('payer_amount', integer),
  currency: optional('currency', text),
  payerCurrency: optional('payer_currency', text),
  settlementRate: optional('settlement_rate', integer),
});

const subOrder = object<CombineSubOrder>({
  mchid: required('mchid', identifier),
  outTradeNo: required('out_trade_no', identifier),
  tradeState: required('trade_state', identifier),
  tradeType: optional('trade_type', text),
  transactionId: optional('transaction_id', text),
  subMchid: optional('sub_mchid', text),
  subAppid: optional('sub_appid', text),
  subOpenid: optional('sub_openid', text),
  bankType: optional('bank_type', text),
  attach: optional('attach', text),
  successTime: optional('success_time', dateTime),
  amount: optional('amount', amount),
  promotionDetail: optional('promotion_detail', list(promotionDetail)),
});

const combineOrder = object<Omit<CombineOrder, 'raw'>>({
  combineAppid: required('combine_appid', identifier),
  combineMchid: required('combine_mchid', identifier),
  combineOutTradeNo: required('combine_out_trade_no', identifier),
  combineTransactionId: optional('combine_transaction_id', text),
  combinePayerInfo: optional('combine_payer_info', object({ openid: optional('openid', text) })),
  sceneInfo: optional('scene_info', object({ deviceId: optional('device_id', text) })),
  tradeScenario: optional('trade_scenario', text),
  subOrders: required('sub_orders', list(subOrder)),
});

/**
 * Reads a combine order from a verified reply. Fields and states that are not listed here stay in `raw`.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
 */
export const decodeCombineOrder: Reader<CombineOrder> = (json, path) =>
  withRaw(combineOrder(json, path), json);
