import { refundSubject, type RefundRef } from '../../domain/refunds/refund-ref.js';
import type { Refund } from '../../domain/refunds/refund.js';
import { decodeRefund } from '../decode-refund.js';
import { path, query, type V3Operation } from '../operation.js';

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4013071041 */
export const queryRefund: V3Operation<RefundRef, Refund> = {
  name: 'refund.query',
  effect: 'none',
  successStatus: [200],
  subject: refundSubject,
  request: ({ outRefundNo, subMchid }) => ({
    method: 'GET',
    path:
      path`/v3/refund/domestic/refunds/${outRefundNo}` +
      (subMchid === undefined ? '' : `?${query({ sub_mchid: subMchid })}`),
    body: '',
  }),
  decode: decodeRefund,
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};
