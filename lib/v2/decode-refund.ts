import type { Refund, RefundAmount, RefundPromotion, RefundStatus } from '../domain/refunds/refund.js';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import { FieldReader, withoutUndefined } from './fields.js';
import type { V2Fields } from './xml.js';

/** Position of a refund among the fields of a message: `_0` in a list; empty if the message is about one refund. */
type Suffix = '' | `_${number}`;

export interface DecodeRefundOptions {
  readonly suffix: Suffix;
  /** Status, for a message that has none. */
  readonly status?: RefundStatus;
  /** Name of the time of success in this message. */
  readonly successTime?: string;
  /** Message as received; default: the fields. */
  readonly raw?: unknown;
  /** Collects the paths of unreadable lenient fields. */
  readonly leftOut?: LeftOutFields;
}

/** States of APIv2 that have another name in APIv3. */
const STATUSES: Readonly<Record<string, RefundStatus>> = { REFUNDCLOSE: 'CLOSED', CHANGE: 'ABNORMAL' };

const FUNDS_ACCOUNTS: Readonly<Record<string, string>> = {
  REFUND_SOURCE_RECHARGE_FUNDS: 'AVAILABLE',
  REFUND_SOURCE_UNSETTLED_FUNDS: 'UNSETTLED',
};

const PROMOTION_TYPES: Readonly<Record<string, string>> = { CASH: 'COUPON', NO_CASH: 'DISCOUNT' };

/**
 * Reads a refund from a verified message into the type that APIv3 returns. Unlisted fields and states are accepted; `raw`
 * keeps them, and unreadable lenient fields.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_5
 */
export function decodeRefund(
  fields: V2Fields,
  {
    suffix,
    status,
    successTime = `refund_success_time${suffix}`,
    raw = fields,
    leftOut,
  }: DecodeRefundOptions,
): Refund {
  const reader = new FieldReader(fields, { leftOut });
  const of = (name: string): string => `${name}${suffix}`;
  const account = reader.text(of('refund_account'));
  const refund = withoutUndefined<Omit<Refund, 'raw'>>({
    refundId: reader.requiredText(of('refund_id')),
    outRefundNo: reader.requiredText(of('out_refund_no')),
    transactionId: reader.requiredText('transaction_id'),
    outTradeNo: reader.requiredText('out_trade_no'),
    subMchid: reader.text('sub_mch_id'),
    status: status ?? statusOf(reader.requiredText(of('refund_status'))),
    amount: amount(reader, suffix),
    channel: reader.text(of('refund_channel')),
    userReceivedAccount: reader.text(of('refund_recv_accout')),
    successTime: reader.lenient(() => reader.time(successTime, 'yyyy-MM-dd HH:mm:ss')),
    fundsAccount: account && (FUNDS_ACCOUNTS[account] ?? account),
    promotionDetail: promotions(fields, reader, suffix),
  });
  // Not enumerable, so that logs do not show it.
  return Object.defineProperty(refund, 'raw', { value: raw }) as Refund;
}

function statusOf(status: string): RefundStatus {
  return STATUSES[status] ?? status;
}

/** Reads the amounts. Total, refund and currency decide; the documentation defines a missing currency as CNY. */
function amount(reader: FieldReader, suffix: Suffix): RefundAmount {
  const lenient = (name: string) => reader.lenient(() => reader.integer(name));
  return withoutUndefined<RefundAmount>({
    total: reader.requiredInteger('total_fee'),
    refund: reader.requiredInteger(`refund_fee${suffix}`),
    currency: reader.text('fee_type') ?? 'CNY',
    payerTotal: lenient('cash_fee'),
    payerRefund: lenient(`cash_refund_fee${suffix}`),
    settlementRefund: lenient(`settlement_refund_fee${suffix}`),
    settlementTotal: lenient('settlement_total_fee'),
    discountRefund: lenient(`coupon_refund_fee${suffix}`),
  });
}

/** Reads `coupon_refund_id_0`, `coupon_refund_fee_0`, `coupon_type_0` and so on; in a list of refunds `coupon_refund_id_0_0`. */
function promotions(
  fields: V2Fields,
  reader: FieldReader,
  suffix: Suffix,
): readonly RefundPromotion[] | undefined {
  const coupons = numbersAfter(fields, `coupon_refund_id${suffix}_`).flatMap((n) => {
    const at = `${suffix}_${n}`;
    return reader.lenient(() => promotion(reader, at)) ?? [];
  });
  return coupons.length === 0 ? undefined : coupons;
}

function promotion(reader: FieldReader, at: string): readonly RefundPromotion[] {
  const promotionId = reader.text(`coupon_refund_id${at}`);
  if (promotionId === undefined) return [];
  const type = reader.text(`coupon_type${at}`);
  return [
    withoutUndefined<RefundPromotion>({
      promotionId,
      type: type && (PROMOTION_TYPES[type] ?? type),
      refundAmount: reader.requiredInteger(`coupon_refund_fee${at}`),
    }),
  ];
}

/** Lists the numbers that follow a name in the fields of a message, in their order. */
export function numbersAfter(fields: V2Fields, prefix: string): readonly number[] {
  return Object.keys(fields)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((rest) => /^\d{1,4}$/.test(rest))
    .map(Number)
    .toSorted((a, b) => a - b);
}
