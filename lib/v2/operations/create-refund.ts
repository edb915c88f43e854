import { refundSubject, REPEAT_THE_SAME_REFUND } from '../../domain/refunds/refund-ref.js';
import type { RefundFundsAccount, RefundRequest } from '../../domain/refunds/refund-request.js';
import type { Refund } from '../../domain/refunds/refund.js';
import { decodeRefund } from '../decode-refund.js';
import { expectEcho, type V2Operation } from '../operation.js';
import { orderFields } from './order-fields.js';

const FUNDS_ACCOUNTS: Readonly<Record<RefundFundsAccount, string>> = {
  AVAILABLE: 'REFUND_SOURCE_RECHARGE_FUNDS',
  UNSETTLED: 'REFUND_SOURCE_UNSETTLED_FUNDS',
};

/**
 * Requests a refund. Needs the client certificate of the merchant.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_4
 */
export const createRefund: V2Operation<RefundRequest, Refund> = {
  name: 'refund.create',
  path: '/secapi/pay/refund',
  // The same number with the same content is the same refund.
  effect: 'idempotent',
  advice: REPEAT_THE_SAME_REFUND,
  stopsAt4xx: true,
  subject: refundSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  fields: (request) => ({
    ...orderFields(request),
    out_refund_no: request.outRefundNo,
    total_fee: String(request.amount.total),
    refund_fee: String(request.amount.refund),
    refund_fee_type: request.amount.currency,
    refund_desc: request.reason,
    refund_account: request.fundsAccount && FUNDS_ACCOUNTS[request.fundsAccount],
    notify_url: request.notifyUrl,
  }),
  decode(fields, { outRefundNo, outTradeNo, transactionId, amount }, leftOut) {
    // The reply has no status: it says only that the refund was accepted.
    const refund = decodeRefund(fields, { suffix: '', status: 'PROCESSING', leftOut });
    expectEcho(refund.outRefundNo, outRefundNo, 'out_refund_no');
    if (transactionId === undefined) expectEcho(refund.outTradeNo, outTradeNo, 'out_trade_no');
    else expectEcho(refund.transactionId, transactionId, 'transaction_id');
    expectEcho(refund.amount.refund, amount.refund, 'refund_fee');
    expectEcho(refund.amount.total, amount.total, 'total_fee');
    return refund;
  },
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};
