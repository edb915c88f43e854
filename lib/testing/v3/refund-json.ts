import type { MockOrder } from '../orders/mock-order.js';
import { beijingTime } from '../orders/texts.js';

/**
 * Returns the full refund of an order, in the format of a notification.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791865
 */
export function refundJson(order: MockOrder, status: string, refundedAt: Date): Record<string, unknown> {
  const { mchid, subMchid, outTradeNo, transactionId, amount } = order;
  return {
    ...(subMchid === undefined ? { mchid } : { sp_mchid: mchid, sub_mchid: subMchid }),
    transaction_id: transactionId,
    out_trade_no: outTradeNo,
    refund_id: `5${transactionId?.slice(1)}`,
    out_refund_no: `${outTradeNo.slice(0, 60)}-R1`,
    refund_status: status,
    success_time: status === 'SUCCESS' ? beijingTime(refundedAt) : undefined,
    user_received_account: '支付用户零钱',
    amount: {
      total: amount.total,
      refund: amount.total,
      payer_total: amount.payerTotal,
      payer_refund: amount.payerTotal,
    },
  };
}
