import type {
  Order,
  OrderAmount,
  OrderPayer,
  OrderPromotion,
  OrderPromotionGoods,
  OrderSceneInfo,
} from '../domain/order.js';
import {
  dateTime,
  identifier,
  integer,
  list,
  object,
  optional,
  required,
  text,
  type Reader,
} from './json.js';

const amount = object<OrderAmount>({
  total: required('total', integer),
  payerTotal: optional('payer_total', integer),
  currency: optional('currency', text),
  payerCurrency: optional('payer_currency', text),
});

const sceneInfo = object<OrderSceneInfo>({
  deviceId: optional('device_id', text),
  storeInfo: optional('store_info', object({ id: optional('id', text), outId: optional('out_id', text) })),
});

const goods = object<OrderPromotionGoods>({
  goodsId: required('goods_id', identifier),
  quantity: required('quantity', integer),
  unitPrice: required('unit_price', integer),
  discountAmount: required('discount_amount', integer),
  goodsRemark: optional('goods_remark', text),
});

/** A coupon that was used; combine orders have the same. */
export const promotionDetail = object<OrderPromotion>({
  couponId: required('coupon_id', identifier),
  name: optional('name', text),
  scope: optional('scope', text),
  type: optional('type', text),
  amount: required('amount', integer),
  stockId: optional('stock_id', text),
  wechatpayContribute: optional('wechatpay_contribute', integer),
  merchantContribute: optional('merchant_contribute', integer),
  otherContribute: optional('other_contribute', integer),
  currency: optional('currency', text),
  goodsDetail: optional('goods_detail', list(goods)),
});

/** The fields that both kinds of order have under the same names. */
const shared = {
  outTradeNo: required('out_trade_no', identifier),
  transactionId: optional('transaction_id', text),
  tradeState: required('trade_state', identifier),
  tradeStateDesc: required('trade_state_desc', text),
  tradeType: optional('trade_type', text),
  bankType: optional('bank_type', text),
  attach: optional('attach', text),
  successTime: optional('success_time', dateTime),
  amount: optional('amount', amount),
  sceneInfo: optional('scene_info', sceneInfo),
  promotionDetail: optional('promotion_detail', list(promotionDetail)),
};

const order = object<Omit<Order, 'raw' | 'subMchid' | 'subAppid'>>({
  mchid: required('mchid', identifier),
  appid: optional('appid', text),
  payer: optional(
    'payer',
    object<OrderPayer>({ openid: optional('openid', text), subOpenid: optional('sub_openid', text) }),
  ),
  ...shared,
});

const partnerOrder = object<Omit<Order, 'raw'>>({
  mchid: required('sp_mchid', identifier),
  subMchid: required('sub_mchid', identifier),
  appid: optional('sp_appid', text),
  subAppid: optional('sub_appid', text),
  payer: optional(
    'payer',
    object<OrderPayer>({ openid: optional('sp_openid', text), subOpenid: optional('sub_openid', text) }),
  ),
  ...shared,
});

/**
 * Reads an order from a verified reply. Fields and states that are not listed here are accepted and stay in `raw`.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
 */
export const decodeOrder: Reader<Order> = (json, path) => withRaw(order(json, path), json);

/**
 * Reads a sub-merchant's order, which names merchants, apps and payers differently.
 *
 * @see https://pay.weixin.qq.com/doc/v3/partner/4012085133
 */
export const decodePartnerOrder: Reader<Order> = (json, path) => withRaw(partnerOrder(json, path), json);

/** Adds the reply as received, out of the sight of logs. */
export function withRaw<T extends object>(decoded: T, raw: unknown): T & { readonly raw: unknown } {
  return Object.defineProperty(decoded, 'raw', { value: raw }) as T & { readonly raw: unknown };
}
