import type { InputReader } from './input-reader.js';

/** Goods of an order, for coupons that depend on them (单品优惠). */
export interface PrepayDetail {
  /** Price of the order before any discount, in fen. */
  readonly costPrice?: number | undefined;
  /** The merchant's number of the receipt, at most 32 characters. */
  readonly invoiceId?: string | undefined;
  readonly goodsDetail?: readonly PrepayGoods[] | undefined;
}

/** Goods of one kind in an order. */
export interface PrepayGoods {
  /** The merchant's number of the goods, at most 32 characters. */
  readonly merchantGoodsId: string;
  /** WeChat Pay's number of the goods, at most 32 characters. */
  readonly wechatpayGoodsId?: string | undefined;
  /** At most 256 characters. */
  readonly goodsName?: string | undefined;
  readonly quantity: number;
  /** Price of one piece, in fen. */
  readonly unitPrice: number;
}

/** Maximum number of goods; no order that WeChat Pay accepts has more. */
const MAX_GOODS = 6_000;

/** Reads the goods of an order that the app places. */
export function readDetail(order: InputReader): PrepayDetail | undefined {
  return order.object('detail', (detail) => ({
    costPrice: detail.integer('costPrice', { min: 0, unit: 'of fen' }),
    invoiceId: detail.text('invoiceId', { max: 32 }),
    goodsDetail: detail.list('goodsDetail', { max: MAX_GOODS }, readGoods),
  }));
}

function readGoods(goods: InputReader): PrepayGoods {
  return {
    merchantGoodsId: goods.requiredText('merchantGoodsId', { max: 32 }),
    wechatpayGoodsId: goods.text('wechatpayGoodsId', { max: 32 }),
    goodsName: goods.text('goodsName', { max: 256 }),
    quantity: goods.requiredInteger('quantity', { min: 1, unit: 'of pieces' }),
    unitPrice: goods.requiredInteger('unitPrice', { min: 0, unit: 'of fen' }),
  };
}
