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

const payer = object<OrderPayer>({
  openid: optional('openid', text),
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

const promotion = object<OrderPromotion>({
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

const order = object<Omit<Order, 'raw'>>({
  mchid: required('mchid', identifier),
  appid: optional('appid', text),
  outTradeNo: required('out_trade_no', identifier),
  transactionId: optional('transaction_id', text),
  tradeState: required('trade_state', identifier),
  tradeStateDesc: required('trade_state_desc', text),
  tradeType: optional('trade_type', text),
  bankType: optional('bank_type', text),
  attach: optional('attach', text),
  successTime: optional('success_time', dateTime),
  amount: optional('amount', amount),
  payer: optional('payer', payer),
  sceneInfo: optional('scene_info', sceneInfo),
  promotionDetail: optional('promotion_detail', list(promotion)),
});

/**
 * Reads an order from a verified reply. Fields and states that are not listed here are accepted and stay in `raw`.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
 */
export const decodeOrder: Reader<Order> = (json, path) =>
  Object.defineProperty(order(json, path) as Order, 'raw', { value: json });
