import { refundSubject, REPEAT_THE_SAME_REFUND } from '../../domain/refunds/refund-ref.js';
import type { RefundRequest } from '../../domain/refunds/refund-request.js';
import type { Refund } from '../../domain/refunds/refund.js';
import { decodeRefund } from '../decode-refund.js';
import { expectEcho, type V3Operation } from '../operation.js';

/** Currency of domestic refunds. */
const CNY = 'CNY';

/**
 * Requests a refund, of a direct merchant or of a sub-merchant.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071036
 */
export const createRefund: V3Operation<RefundRequest, Refund> = {
  name: 'refund.create',
  // The same number with the same content is the same refund.
  effect: 'idempotent',
  advice: REPEAT_THE_SAME_REFUND,
  // WeChat Pay accepts six faulty requests a second: a refusal is not sent again.
  stopsAt4xx: true,
  successStatus: [200],
  subject: refundSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  request: (request) => ({
    method: 'POST',
    path: '/v3/refund/domestic/refunds',
    body: JSON.stringify(bodyOf(request)),
  }),
  decode(json, request, context) {
    const refund = decodeRefund(json, request, context);
    const { outTradeNo, transactionId, amount } = request;
    if (transactionId === undefined) expectEcho(refund.outTradeNo, outTradeNo, '$.out_trade_no');
    else expectEcho(refund.transactionId, transactionId, '$.transaction_id');
    expectEcho(refund.amount.refund, amount.refund, '$.amount.refund');
    expectEcho(refund.amount.total, amount.total, '$.amount.total');
    const { currency } = refund.amount;
    if (currency !== undefined) expectEcho(currency, amount.currency ?? CNY, '$.amount.currency');
    return refund;
  },
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};

function bodyOf(request: RefundRequest): object {
  const { amount, goodsDetail } = request;
  return {
    sub_mchid: request.subMchid,
    transaction_id: request.transactionId,
    out_trade_no: request.outTradeNo,
    out_refund_no: request.outRefundNo,
    reason: request.reason,
    notify_url: request.notifyUrl,
    funds_account: request.fundsAccount,
    amount: {
      refund: amount.refund,
      from: amount.from,
      total: amount.total,
      currency: amount.currency ?? CNY,
    },
    goods_detail: goodsDetail?.map((goods) => ({
      merchant_goods_id: goods.merchantGoodsId,
      wechatpay_goods_id: goods.wechatpayGoodsId,
      goods_name: goods.goodsName,
      unit_price: goods.unitPrice,
      refund_amount: goods.refundAmount,
      refund_quantity: goods.refundQuantity,
    })),
  };
}
