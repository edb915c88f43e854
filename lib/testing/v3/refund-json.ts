import type { MockOrder } from '../orders/mock-order.js';
import { beijingTime } from '../orders/texts.js';
import type { MockRefund } from '../refunds/mock-refund.js';

/**
 * Returns a refund in the format of a reply. JSON leaves out undefined fields.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071041
 */
export function refundJson(refund: MockRefund): Record<string, unknown> {
  const { amount } = refund;
  return {
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    channel: refund.channel,
    user_received_account: refund.userReceivedAccount,
    success_time: refund.successTime && beijingTime(refund.successTime),
    create_time: beijingTime(refund.createdAt),
    status: refund.status,
    funds_account: refund.fundsAccount,
    amount: {
      total: amount.total,
      refund: amount.refund,
      from: amount.from,
      payer_total: amount.payerTotal,
      payer_refund: amount.payerRefund,
      settlement_refund: amount.settlementRefund,
      settlement_total: amount.settlementTotal,
      discount_refund: amount.discountRefund,
      currency: amount.currency,
    },
    promotion_detail: [],
  };
}

/**
 * Returns a refund in the format of a notification, which has another name for the status and fewer amounts.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791865
 */
export function refundNoticeJson(mchid: string, refund: RefundNotice): Record<string, unknown> {
  const { subMchid, amount } = refund;
  return {
    ...(subMchid === undefined ? { mchid } : { sp_mchid: mchid, sub_mchid: subMchid }),
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    refund_id: refund.refundId,
    out_refund_no: refund.outRefundNo,
    refund_status: refund.status,
    success_time: refund.successTime && beijingTime(refund.successTime),
    user_received_account: refund.userReceivedAccount,
    amount: {
      total: amount.total,
      refund: amount.refund,
      payer_total: amount.payerTotal,
      payer_refund: amount.payerRefund,
    },
  };
}

/** Content of a notification about a refund. */
export type RefundNotice = Pick<
  MockRefund,
  | 'transactionId'
  | 'outTradeNo'
  | 'refundId'
  | 'outRefundNo'
  | 'subMchid'
  | 'status'
  | 'successTime'
  | 'userReceivedAccount'
  | 'amount'
  | 'fundsAccount'
>;

/** Returns the full refund of an order, for a test that asked for none. */
export function fullRefundOf(order: MockOrder, status: string, at: Date): RefundNotice {
  const { outTradeNo, subMchid, transactionId = '', amount } = order;
  return {
    transactionId,
    outTradeNo,
    refundId: `5${transactionId.slice(1)}`,
    outRefundNo: `${outTradeNo.slice(0, 60)}-R1`,
    ...(subMchid === undefined ? {} : { subMchid }),
    status,
    ...(status === 'SUCCESS' && { successTime: at }),
    userReceivedAccount: '支付用户零钱',
    amount: {
      total: amount.total,
      refund: amount.total,
      ...(amount.payerTotal !== undefined && {
        payerTotal: amount.payerTotal,
        payerRefund: amount.payerTotal,
      }),
    },
  };
}
