import type { OrderPromotion, OrderSceneInfo } from '../../index.js';
import type { MockOrder } from '../orders/mock-order.js';
import { beijingTime, stateText } from '../orders/texts.js';

/**
 * Returns an order in the format of APIv3, for a direct merchant or a service provider. JSON leaves out undefined fields.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
 * @see https://pay.weixin.qq.com/doc/v3/partner/4012085133
 */
export function orderJson(order: MockOrder): Record<string, unknown> {
  const paid = order.transactionId !== undefined;
  return Object.assign(ownerJson(order), {
    out_trade_no: order.outTradeNo,
    transaction_id: order.transactionId,
    // The type of an unpaid order is only present if it cannot change.
    trade_type: paid || order.tradeType === 'MICROPAY' ? order.tradeType : undefined,
    trade_state: order.tradeState,
    trade_state_desc: stateText(order.tradeState),
    bank_type: order.bankType,
    attach: order.attach,
    success_time: order.successTime && beijingTime(order.successTime),
    amount: order.bare && !paid ? undefined : amountJson(order.amount),
    scene_info: order.sceneInfo && sceneJson(order.sceneInfo),
    promotion_detail: order.promotionDetail?.map(promotionJson),
  });
}

function ownerJson({ mchid, appid, subMchid, subAppid, payer }: MockOrder): Record<string, unknown> {
  if (subMchid === undefined) return { appid, mchid, payer: payer && { openid: payer.openid } };
  return {
    sp_appid: appid,
    sp_mchid: mchid,
    sub_appid: subAppid,
    sub_mchid: subMchid,
    payer: payer && { sp_openid: payer.openid, sub_openid: payer.subOpenid },
  };
}

function amountJson(amount: MockOrder['amount']): Record<string, unknown> {
  return {
    total: amount.total,
    payer_total: amount.payerTotal,
    currency: amount.currency,
    payer_currency: amount.payerCurrency,
  };
}

function sceneJson({ deviceId, storeInfo }: OrderSceneInfo): Record<string, unknown> {
  return { device_id: deviceId, store_info: storeInfo && { id: storeInfo.id, out_id: storeInfo.outId } };
}

/** Returns a coupon; the same for combine orders. */
export function promotionJson(coupon: OrderPromotion): Record<string, unknown> {
  return {
    coupon_id: coupon.couponId,
    name: coupon.name,
    scope: coupon.scope,
    type: coupon.type,
    amount: coupon.amount,
    stock_id: coupon.stockId,
    wechatpay_contribute: coupon.wechatpayContribute,
    merchant_contribute: coupon.merchantContribute,
    other_contribute: coupon.otherContribute,
    currency: coupon.currency,
    goods_detail: coupon.goodsDetail?.map((goods) => ({
      goods_id: goods.goodsId,
      quantity: goods.quantity,
      unit_price: goods.unitPrice,
      discount_amount: goods.discountAmount,
      goods_remark: goods.goodsRemark,
    })),
  };
}
