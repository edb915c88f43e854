import { combineSubject } from '../../domain/combine-order.js';
import type { CheckedCombinePrepay } from '../../domain/placing/combine-prepay-request.js';
import { REPEAT_THE_SAME_ORDER } from '../../domain/placing/prepay-request.js';
import type { V3Operation } from '../operation.js';
import { sceneOf, timeOf } from './prepay-body.js';
import { PREPAY_SEGMENTS } from './prepay-order.js';
import { readPrepayReply } from './prepay-reply.js';

/**
 * Places a combine order. Its sub-orders have `total_amount`, where a single order has `total`, and require a currency.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012556926
 */
export const prepayCombineOrder: V3Operation<CheckedCombinePrepay, string> = {
  name: 'combine.prepay',
  effect: 'idempotent',
  advice: REPEAT_THE_SAME_ORDER,
  successStatus: [200],
  namesNoOrder: true,
  subject: combineSubject,
  outTradeNo: ({ combineOutTradeNo }) => combineOutTradeNo,
  request: (order, mchid) => ({
    method: 'POST',
    path: `/v3/combine-transactions/${PREPAY_SEGMENTS[order.form]}`,
    body: JSON.stringify(combineBody(order, mchid)),
  }),
  decode: (json, { form }) => readPrepayReply(json, form),
};

/** Returns the body of the request. JSON leaves out undefined members; equal orders have equal bytes. */
function combineBody(order: CheckedCombinePrepay, mchid: string): Record<string, unknown> {
  const { payer, sceneInfo, subOrders } = order;
  return {
    combine_appid: order.combineAppid,
    combine_mchid: mchid,
    combine_out_trade_no: order.combineOutTradeNo,
    combine_payer_info: payer && { openid: payer.openid, sub_openid: payer.subOpenid },
    scene_info: sceneInfo && sceneOf(sceneInfo),
    sub_orders: subOrders.map((part) => ({
      mchid: part.mchid,
      out_trade_no: part.outTradeNo,
      amount: { total_amount: part.amount.total, currency: part.amount.currency ?? 'CNY' },
      attach: part.attach,
      description: part.description,
      detail: part.detail,
      goods_tag: part.goodsTag,
      settle_info: part.settleInfo && {
        profit_sharing: part.settleInfo.profitSharing,
        subsidy_amount: part.settleInfo.subsidyAmount,
      },
      sub_mchid: part.subMchid,
      sub_appid: part.subAppid,
    })),
    time_expire: timeOf(order.expiresAt),
    notify_url: order.notifyUrl,
    limit_pay: order.limitPay,
  };
}
