import type { OrderPromotion, TradeState } from '../../index.js';
import type { MockOrder } from '../orders/mock-order.js';
import { beijingTime, stateText } from '../orders/texts.js';
import type { MaybeFields } from './message.js';

/** Texts of APIv2 that differ from those of APIv3. */
const STATE_TEXTS: Readonly<Record<string, string>> = {
  REFUND: '订单发生过退款，退款详情请查询退款单',
  USERPAYING: '需要用户输入支付密码',
  PAYERROR: '支付失败，请撤销订单',
};

/**
 * Returns an order in the format of APIv2, with the fields in WeChat Pay's order.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_2
 */
export function orderFields(order: MockOrder): MaybeFields {
  const fields = order.transactionId === undefined ? unpaidFields(order) : paidFields(order);
  return { appid: order.appid, ...fields };
}

function unpaidFields(order: MockOrder): MaybeFields {
  return {
    device_info: order.sceneInfo?.deviceId ?? (order.bare ? undefined : ''),
    total_fee: order.bare ? undefined : order.amount.total,
    out_trade_no: order.outTradeNo,
    attach: order.attach,
    trade_state: order.tradeState,
    trade_state_desc: describe(order.tradeState),
  };
}

function paidFields(order: MockOrder): MaybeFields {
  const { amount, payer, promotionDetail = [] } = order;
  return {
    device_info: order.sceneInfo?.deviceId,
    openid: payer?.openid,
    is_subscribe: 'N',
    sub_openid: payer?.subOpenid,
    sub_is_subscribe: payer?.subOpenid && 'N',
    trade_type: order.tradeType,
    bank_type: order.bankType,
    total_fee: amount.total,
    ...couponFields(amount.total, promotionDetail),
    fee_type: amount.currency,
    transaction_id: order.transactionId,
    out_trade_no: order.outTradeNo,
    attach: order.attach ?? '',
    time_end: order.successTime && beijingTime(order.successTime).slice(0, 19).replaceAll(/\D/g, ''),
    trade_state: order.tradeState,
    cash_fee: amount.payerTotal,
    trade_state_desc: describe(order.tradeState),
    cash_fee_type: amount.payerCurrency,
    promotion_detail: promotionText(promotionDetail),
  };
}

function describe(tradeState: TradeState): string {
  return STATE_TEXTS[tradeState] ?? stateText(tradeState);
}

/** Returns the coupons of APIv3 as numbered fields. */
function couponFields(total: number, coupons: readonly OrderPromotion[]): MaybeFields {
  if (coupons.length === 0) return {};
  const sum = (counted: readonly OrderPromotion[]) => counted.reduce((fen, { amount }) => fen + amount, 0);
  return {
    // The merchant does not receive the value of coupons that were not prepaid.
    settlement_total_fee: total - sum(coupons.filter(({ type }) => type === 'NOCASH')),
    coupon_fee: sum(coupons),
    coupon_count: coupons.length,
    ...Object.fromEntries(
      coupons.flatMap(({ couponId, type, amount }, n) => [
        [`coupon_type_${n}`, type === 'NOCASH' ? 'NO_CASH' : type],
        [`coupon_id_${n}`, couponId],
        [`coupon_fee_${n}`, amount],
      ]),
    ),
  };
}

/** Returns the coupons again as JSON, with the details that numbered fields cannot express. */
function promotionText(coupons: readonly OrderPromotion[]): string | undefined {
  if (coupons.length === 0) return undefined;
  return JSON.stringify({ promotion_detail: coupons.map(promotionJson) });
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
