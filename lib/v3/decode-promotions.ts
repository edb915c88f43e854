import type { OrderPromotion, OrderPromotionGoods } from '../domain/order.js';
import { lenient, readableItems } from './lenient.js';
import { identifier, integer, object, required, text } from './json.js';

const goods = object<OrderPromotionGoods>({
  goodsId: required('goods_id', identifier),
  quantity: required('quantity', integer),
  unitPrice: required('unit_price', integer),
  discountAmount: required('discount_amount', integer),
  goodsRemark: lenient('goods_remark', text),
});

const promotion = object<OrderPromotion>({
  couponId: required('coupon_id', identifier, 'promotion_id'),
  name: lenient('name', text),
  scope: lenient('scope', text),
  type: lenient('type', text),
  amount: required('amount', integer),
  stockId: lenient('stock_id', text),
  wechatpayContribute: lenient('wechatpay_contribute', integer),
  merchantContribute: lenient('merchant_contribute', integer),
  otherContribute: lenient('other_contribute', integer),
  currency: lenient('currency', text),
  goodsDetail: lenient('goods_detail', readableItems(goods)),
});

/** Reads the coupons used for an order or a sub-order. A coupon without an identifier or an amount is left out. */
export const promotions = readableItems(promotion);
