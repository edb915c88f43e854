import type { OrderPromotion, OrderPromotionGoods } from '../domain/order.js';
import { decoration, readableItems } from './decoration.js';
import { identifier, integer, object, required, text } from './json.js';

const goods = object<OrderPromotionGoods>({
  goodsId: required('goods_id', identifier),
  quantity: required('quantity', integer),
  unitPrice: required('unit_price', integer),
  discountAmount: required('discount_amount', integer),
  goodsRemark: decoration('goods_remark', text),
});

const promotion = object<OrderPromotion>({
  couponId: required('coupon_id', identifier, 'promotion_id'),
  name: decoration('name', text),
  scope: decoration('scope', text),
  type: decoration('type', text),
  amount: required('amount', integer),
  stockId: decoration('stock_id', text),
  wechatpayContribute: decoration('wechatpay_contribute', integer),
  merchantContribute: decoration('merchant_contribute', integer),
  otherContribute: decoration('other_contribute', integer),
  currency: decoration('currency', text),
  goodsDetail: decoration('goods_detail', readableItems(goods)),
});

/** Reads the coupons used for an order or a sub-order. A coupon without an identifier or an amount is left out. */
export const promotions = readableItems(promotion);
