import { orderSubject } from '../../domain/order-ref.js';
import type { Order } from '../../domain/order.js';
import type { CheckedCodePay } from '../../domain/placing/code-pay-request.js';
import { decodeOrder } from '../decode-order.js';
import { UnexpectedField } from '../fields.js';
import { expectEcho, type V2Operation } from '../operation.js';
import { detailFields, yesOrNo } from './prepay-order.js';

/** Fields of replies to queries, reversals and refunds, which name the order as well. */
const OF_OTHERS = ['trade_state', 'recall', 'refund_id', 'refund_fee', 'refund_count'];

/**
 * Charges the customer whose payment code was scanned. A success means that the order is paid; every other state, `USERPAYING`
 * included, is a refusal.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937125
 */
export const codePay: V2Operation<CheckedCodePay & { readonly deviceIp: string }, Order> = {
  name: 'order.codePay',
  path: '/pay/micropay',
  // A second request could charge the customer again; a query shows the effect of the first one.
  effect: 'once',
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  fields: (order) => ({
    appid: order.appid,
    sub_mch_id: order.subMchid,
    sub_appid: order.subAppid,
    device_info: order.deviceId,
    body: order.description,
    ...detailFields(order.detail),
    attach: order.attach,
    out_trade_no: order.outTradeNo,
    total_fee: String(order.amount.total),
    fee_type: order.amount.currency,
    spbill_create_ip: order.deviceIp,
    goods_tag: order.goodsTag,
    receipt: order.supportFapiao === true ? 'Y' : undefined,
    profit_sharing: yesOrNo(order.settleInfo?.profitSharing),
    scene_info: sceneOf(order),
    auth_code: order.authCode,
  }),
  decode(fields, request, leftOut) {
    const foreign = OF_OTHERS.find((name) => fields[name] !== undefined);
    if (foreign !== undefined) {
      throw new UnexpectedField(`$.${foreign}`, 'belongs to the reply to another request.');
    }
    if (!fields.transaction_id) throw new UnexpectedField('$.transaction_id', 'is missing.');
    expectEcho(fields.out_trade_no, request.outTradeNo, 'out_trade_no');
    expectEcho(fields.total_fee, String(request.amount.total), 'total_fee');
    return decodeOrder(fields, { tradeState: 'SUCCESS', leftOut });
  },
  identity: ({ outTradeNo, subMchid }) => ({ outTradeNo, subMchid }),
};

/** Returns the shop; its number is the merchant's own in APIv2. */
function sceneOf({ storeInfo }: CheckedCodePay): string | undefined {
  const id = storeInfo?.outId ?? storeInfo?.id;
  return id === undefined ? undefined : JSON.stringify({ store_info: { id } });
}
