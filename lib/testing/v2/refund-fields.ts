import { beijingTime } from '../orders/texts.js';
import type { MockRefund } from '../refunds/mock-refund.js';
import type { MaybeFields } from './message.js';

/** States of APIv3 that have another name in APIv2. */
export const V2_REFUND_STATUSES: Readonly<Record<string, string>> = {
  CLOSED: 'REFUNDCLOSE',
  ABNORMAL: 'CHANGE',
};

const FUNDS_ACCOUNTS: Readonly<Record<string, string>> = {
  AVAILABLE: 'REFUND_SOURCE_RECHARGE_FUNDS',
  UNSETTLED: 'REFUND_SOURCE_UNSETTLED_FUNDS',
};

/** Returns the account of the merchant in the words of APIv2. */
export function v2FundsAccount(account = 'UNSETTLED'): string {
  return FUNDS_ACCOUNTS[account] ?? account;
}

/** Returns a time in the format of refunds: `2016-07-25 15:26:26`, in China's time zone. */
export function v2RefundTime(time: Date | undefined): string | undefined {
  return time && beijingTime(time).slice(0, 19).replace('T', ' ');
}

/**
 * Returns an accepted refund in the format of APIv2. It has no status.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_4
 */
export function acceptedRefundFields(appid: string, refund: MockRefund): MaybeFields {
  const { amount } = refund;
  return {
    appid,
    transaction_id: refund.transactionId,
    out_trade_no: refund.outTradeNo,
    out_refund_no: refund.outRefundNo,
    refund_id: refund.refundId,
    refund_channel: '',
    refund_fee: amount.refund,
    coupon_refund_fee: amount.discountRefund,
    total_fee: amount.total,
    fee_type: amount.currency,
    cash_fee: amount.payerTotal,
    coupon_refund_count: 0,
    cash_refund_fee: amount.payerRefund,
  };
}

/**
 * Returns a page of refunds of one order, in numbered fields.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_5
 */
export function refundListFields(
  appid: string,
  page: readonly [MockRefund, ...MockRefund[]],
  totalCount: number,
): MaybeFields {
  const [{ transactionId, outTradeNo, amount }] = page;
  return {
    appid,
    transaction_id: transactionId,
    out_trade_no: outTradeNo,
    total_fee: amount.total,
    fee_type: amount.currency,
    cash_fee: amount.payerTotal,
    refund_count: page.length,
    total_refund_count: totalCount,
    ...Object.fromEntries(page.flatMap((refund, n) => Object.entries(numberedFields(refund, n)))),
  };
}

function numberedFields(refund: MockRefund, n: number): MaybeFields {
  const { amount, status } = refund;
  return {
    [`out_refund_no_${n}`]: refund.outRefundNo,
    [`refund_id_${n}`]: refund.refundId,
    [`refund_channel_${n}`]: refund.channel,
    [`refund_fee_${n}`]: amount.refund,
    [`coupon_refund_fee_${n}`]: amount.discountRefund,
    [`coupon_refund_count_${n}`]: 0,
    [`refund_status_${n}`]: V2_REFUND_STATUSES[status] ?? status,
    [`refund_account_${n}`]: v2FundsAccount(refund.fundsAccount),
    [`refund_recv_accout_${n}`]: refund.userReceivedAccount,
    [`refund_success_time_${n}`]: v2RefundTime(refund.successTime),
  };
}
