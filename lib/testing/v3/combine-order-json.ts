import type { MockCombineOrder, MockCombineSubOrder } from '../orders/mock-combine-order.js';
import { beijingTime } from '../orders/texts.js';
import { promotionJson } from './order-json.js';

/**
 * Returns a combine order in the format of APIv3. JSON leaves out undefined fields.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
 */
export function combineOrderJson(order: MockCombineOrder): Record<string, unknown> {
  return {
    combine_appid: order.combineAppid,
    combine_mchid: order.combineMchid,
    combine_out_trade_no: order.combineOutTradeNo,
    combine_transaction_id: order.combineTransactionId,
    combine_payer_info: order.combinePayerInfo && { openid: order.combinePayerInfo.openid },
    scene_info: order.sceneInfo && { device_id: order.sceneInfo.deviceId },
    sub_orders: order.subOrders.map(subOrderJson),
  };
}

function subOrderJson(part: MockCombineSubOrder): Record<string, unknown> {
  const { amount } = part;
  return {
    mchid: part.mchid,
    sub_mchid: part.subMchid,
    sub_appid: part.subAppid,
    sub_openid: part.subOpenid,
    out_trade_no: part.outTradeNo,
    transaction_id: part.transactionId,
    trade_type: part.transactionId && part.tradeType,
    trade_state: part.tradeState,
    bank_type: part.bankType,
    attach: part.attach,
    success_time: part.successTime && beijingTime(part.successTime, 'milliseconds'),
    amount: {
      total_amount: amount.totalAmount,
      payer_amount: amount.payerAmount,
      currency: amount.currency,
      payer_currency: amount.payerCurrency,
    },
    promotion_detail: part.promotionDetail?.map(promotionJson),
  };
}
