import { orderSubject } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import type { CheckedCodePay } from '../../domain/placing/code-pay-request.js';
import type { V3Operation } from '../operation.js';
import { detailOf, ownerOf } from './prepay-body.js';
import { readRequestedOrder } from './requested-order.js';

/**
 * Charges the customer whose payment code was scanned.
 *
 * While the customer enters the password, the reply has status 202, and few members besides the state.
 *
 * @see https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/code-pay.html
 */
export const codePay: V3Operation<CheckedCodePay, Order> = {
  name: 'order.codePay',
  // A second request could charge the customer again; a query shows the effect of the first one.
  effect: 'once',
  successStatus: [200, 202],
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  request: (order, mchid) => ({
    method: 'POST',
    path: `/v3/pay/${order.subMchid === undefined ? '' : 'partner/'}transactions/codepay`,
    body: JSON.stringify({ ...ownerOf(order, mchid), ...payment(order) }),
  }),
  decode: readRequestedOrder,
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};

/** JSON leaves out undefined members. */
function payment(order: CheckedCodePay): Record<string, unknown> {
  const { amount, detail, settleInfo, storeInfo } = order;
  return {
    description: order.description,
    out_trade_no: order.outTradeNo,
    attach: order.attach,
    goods_tag: order.goodsTag,
    support_fapiao: order.supportFapiao,
    payer: { auth_code: order.authCode },
    amount: { total: amount.total, currency: amount.currency },
    scene_info: {
      device_id: order.deviceId,
      device_ip: order.deviceIp,
      store_info: storeInfo && { id: storeInfo.id, out_id: storeInfo.outId },
    },
    detail: detail && detailOf(detail),
    settle_info: settleInfo && { profit_sharing: settleInfo.profitSharing },
  };
}
