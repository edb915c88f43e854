import type { OrderPromotion } from '../../index.js';
import type { MockOrder } from '../mock-order.js';
import { beijingTime, stateText } from '../wording.js';
import type { MaybeFields } from './message.js';

/**
 * An order as APIv2 tells it.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_2
 */
export function orderFields(order: MockOrder): MaybeFields {
  return {
    out_trade_no: order.outTradeNo,
    attach: order.attach,
    device_info: order.sceneInfo?.deviceId,
    trade_state: order.tradeState,
    trade_state_desc: stateText(order.tradeState),
    ...(order.bare && order.transactionId === undefined ? {} : { total_fee: order.amount.total }),
    ...(order.transactionId === undefined ? {} : paymentFields(order)),
  };
}

function paymentFields({
  transactionId,
  tradeType,
  bankType,
  successTime,
  amount,
  payer,
  promotionDetail = [],
}: MockOrder): MaybeFields {
  return {
    transaction_id: transactionId,
    trade_type: tradeType,
    bank_type: bankType,
    time_end: successTime && beijingTime(successTime).slice(0, 19).replaceAll(/\D/g, ''),
    fee_type: amount.currency,
    cash_fee: amount.payerTotal,
    cash_fee_type: amount.payerCurrency,
    openid: payer?.openid,
    is_subscribe: 'N',
    sub_openid: payer?.subOpenid,
    sub_is_subscribe: payer?.subOpenid && 'N',
    ...(promotionDetail.length > 0 ? couponFields(amount.total, promotionDetail) : {}),
  };
}

/** The same coupons as in APIv3, told twice: in numbered fields, and with what those cannot say in JSON. */
function couponFields(total: number, coupons: readonly OrderPromotion[]): MaybeFields {
  const sum = (counted: readonly OrderPromotion[]) => counted.reduce((fen, { amount }) => fen + amount, 0);
  return {
    coupon_fee: sum(coupons),
    coupon_count: coupons.length,
    // What the merchant did not get: coupons that were not paid for in advance.
    settlement_total_fee: total - sum(coupons.filter(({ type }) => type === 'NOCASH')),
    ...Object.fromEntries(
      coupons.flatMap(({ couponId, type, amount }, n) => [
        [`coupon_id_${n}`, couponId],
        [`coupon_type_${n}`, type === 'NOCASH' ? 'NO_CASH' : type],
        [`coupon_fee_${n}`, amount],
      ]),
    ),
    promotion_detail: JSON.stringify({ promotion_detail: coupons.map(promotionJson) }),
  };
}

const PROMOTION_TYPES: Readonly<Record<string, string>> = { CASH: 'COUPON', NOCASH: 'DISCOUNT' };

function promotionJson(coupon: OrderPromotion): Record<string, unknown> {
  return {
    promotion_id: coupon.couponId,
    name: coupon.name,
    scope: coupon.scope,
    type: coupon.type && (PROMOTION_TYPES[coupon.type] ?? coupon.type),
    amount: coupon.amount,
    activity_id: coupon.stockId,
    wxpay_contribute: coupon.wechatpayContribute,
    merchant_contribute: coupon.merchantContribute,
    other_contribute: coupon.otherContribute,
    goods_detail: coupon.goodsDetail?.map((goods) => ({
      goods_id: goods.goodsId,
      goods_remark: goods.goodsRemark,
      quantity: goods.quantity,
      price: goods.unitPrice,
      discount_amount: goods.discountAmount,
    })),
  };
}
