import type { RefundRef } from '../domain/refunds/refund-ref.js';
import type {
  Refund,
  RefundAmount,
  RefundGoods,
  RefundPromotion,
  RefundSource,
} from '../domain/refunds/refund.js';
import { withRaw } from './decode-order.js';

import { isNamed } from './is-order.js';
import {
  dateTime,
  identifier,
  integer,
  list,
  memberOf,
  object,
  optional,
  required,
  text,
  type Reader,
} from './json.js';
import { lenient, readableItems } from './lenient.js';
import { expectEcho, type DecodeContext } from './operation.js';

/** Amounts of a refund. Total, refund and currency decide; the others are lenient. */
const amount = object<RefundAmount>({
  total: required('total', integer),
  refund: required('refund', integer),
  // If an unknown currency were left out, 10 dollars would become 10 yuan.
  currency: optional('currency', text),
  payerTotal: lenient('payer_total', integer),
  payerRefund: lenient('payer_refund', integer),
  settlementRefund: lenient('settlement_refund', integer),
  settlementTotal: lenient('settlement_total', integer),
  discountRefund: lenient('discount_refund', integer),
  refundFee: lenient('refund_fee', integer),
  from: lenient(
    'from',
    list(
      object<RefundSource>({
        account: required('account', identifier),
        amount: required('amount', integer),
      }),
    ),
  ),
});

const goods = object<RefundGoods>({
  merchantGoodsId: required('merchant_goods_id', identifier),
  wechatpayGoodsId: lenient('wechatpay_goods_id', text),
  goodsName: lenient('goods_name', text),
  unitPrice: required('unit_price', integer),
  refundAmount: required('refund_amount', integer),
  refundQuantity: required('refund_quantity', integer),
});

const promotion = object<RefundPromotion>({
  promotionId: required('promotion_id', identifier),
  scope: lenient('scope', text),
  type: lenient('type', text),
  amount: lenient('amount', integer),
  refundAmount: required('refund_amount', integer),
  goodsDetail: lenient('goods_detail', readableItems(goods)),
});

/** Fields that replies and notifications have under the same names. */
const shared = {
  refundId: required('refund_id', identifier),
  outRefundNo: required('out_refund_no', identifier),
  transactionId: required('transaction_id', identifier),
  outTradeNo: required('out_trade_no', identifier),
  amount: required('amount', amount),
  userReceivedAccount: lenient('user_received_account', text),
  successTime: lenient('success_time', dateTime),
};

const reply = object<Omit<Refund, 'raw' | 'subMchid'>>({
  ...shared,
  status: required('status', identifier),
  channel: lenient('channel', text),
  createdAt: lenient('create_time', dateTime),
  fundsAccount: lenient('funds_account', text),
  promotionDetail: lenient('promotion_detail', readableItems(promotion)),
});

const notice = object<Pick<Refund, keyof typeof shared | 'status'>>({
  ...shared,
  status: required('refund_status', identifier),
});

/**
 * Reads the verified reply to a request about a refund, and checks that it belongs to this refund. It need not name the
 * merchants; if it does, it must name those of the request. Unlisted fields and states are accepted; `raw` keeps them, and
 * unreadable lenient fields.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071041
 */
export function decodeRefund(
  json: unknown,
  { outRefundNo, subMchid }: RefundRef,
  { mchid, leftOut }: DecodeContext,
): Refund {
  const refund = reply(json, '$', leftOut);
  expectEcho(refund.outRefundNo, outRefundNo, '$.out_refund_no');
  for (const [name, own] of Object.entries({ mchid, sp_mchid: mchid, sub_mchid: subMchid })) {
    const named = nameIn(json, name);
    if (named !== undefined) expectEcho(named, own, `$.${name}`);
  }
  return withRaw(ofSubMerchant(refund, subMchid), json);
}

/**
 * Reads a refund from a verified notification, in which the status has another name.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791865
 */
export const decodeRefundNotice: Reader<Refund> = (json, path, leftOut) =>
  withRaw(ofSubMerchant(notice(json, path, leftOut), nameIn(json, 'sub_mchid')), json);

/** Returns the number of a merchant as a string; undefined if there is none. */
function nameIn(json: unknown, member: string): string | undefined {
  return isNamed(json, member) ? String(memberOf(json, member)) : undefined;
}

function ofSubMerchant<T extends object>(refund: T, subMchid: string | undefined): T & { subMchid?: string } {
  return subMchid === undefined ? refund : { ...refund, subMchid };
}
