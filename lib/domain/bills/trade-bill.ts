import type { TradeBillRow, TradeBillSummary } from './bill.js';
import type { BillFormat, BillTotals } from './bill-format.js';
import {
  count,
  decimal,
  fen,
  identifier,
  optional,
  optionalText,
  rate,
  text,
  time,
  zeroIfEmpty,
} from './cells.js';
import { absentAs, free, required } from './column.js';

type Row = Omit<TradeBillRow, 'raw'>;
type Sums = { -readonly [Name in keyof TradeBillSummary]: TradeBillSummary[Name] };

const NONE: TradeBillSummary = {
  count: 0,
  settlementTotal: 0,
  refundAmount: 0,
  couponRefundAmount: 0,
  fee: '0.00000',
  total: 0,
  requestedRefund: 0,
};

/**
 * Trade bill (交易账单) of any type. Older bills have other headers, and no column for the amount of the order.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071227
 */
export const TRADE_BILL: BillFormat<TradeBillRow, TradeBillSummary> = {
  columns: {
    tradeTime: required(time, '交易时间'),
    appid: absentAs('', text, '公众账号ID'),
    mchid: required(identifier, '商户号'),
    subMchid: absentAs(undefined, optionalText, '特约商户号', '子商户号'),
    deviceInfo: absentAs(undefined, optional(text), '设备号'),
    transactionId: required(identifier, '微信订单号'),
    outTradeNo: required(identifier, '商户订单号'),
    openid: absentAs(undefined, optional(text), '用户标识'),
    tradeType: absentAs('', text, '交易类型'),
    tradeState: required(identifier, '交易状态'),
    bankType: absentAs('', text, '付款银行'),
    currency: absentAs('', text, '货币种类'),
    settlementTotal: required(fen, '应结订单金额', '总金额'),
    couponAmount: absentAs(0, zeroIfEmpty(fen), '代金券金额', '代金券或立减优惠金额', '企业红包金额'),
    refundId: absentAs(undefined, optionalText, '微信退款单号'),
    outRefundNo: absentAs(undefined, optionalText, '商户退款单号'),
    refundAmount: absentAs(undefined, optional(fen), '退款金额'),
    couponRefundAmount: absentAs(
      undefined,
      optional(fen),
      '充值券退款金额',
      '代金券或立减优惠退款金额',
      '企业红包退款金额',
    ),
    refundType: absentAs(undefined, optionalText, '退款类型'),
    refundState: absentAs(undefined, optionalText, '退款状态'),
    refundRequestedAt: absentAs(undefined, optional(time), '退款申请时间'),
    refundSucceededAt: absentAs(undefined, optional(time), '退款成功时间'),
    description: free(absentAs('', text, '商品名称')),
    attach: free(absentAs('', text, '商户数据包')),
    fee: required(decimal, '手续费'),
    rate: absentAs('', rate, '费率'),
    total: required(fen, '订单金额', '总金额', '应结订单金额'),
    requestedRefund: absentAs(undefined, optional(fen), '申请退款金额', '退款金额'),
    rateRemark: free(absentAs(undefined, optional(text), '费率备注')),
  },
  summary: {
    count: required(count, '总交易单数'),
    settlementTotal: required(fen, '应结订单总金额', '总交易额'),
    refundAmount: absentAs(0, fen, '退款总金额', '总退款金额'),
    couponRefundAmount: absentAs(
      0,
      fen,
      '充值券退款总金额',
      '总代金券或立减优惠退款金额',
      '总企业红包退款金额',
    ),
    fee: absentAs('', decimal, '手续费总金额'),
    total: required(fen, '订单总金额', '总交易额', '应结订单总金额'),
    requestedRefund: absentAs(0, fen, '申请退款总金额', '申请退款金额', '退款总金额', '总退款金额'),
  },
  summaryStart: '总交易单数',
  none: NONE,
  totals: () => new TradeTotals(),
};

/** Returns true for the row of a refund. */
export function isRefund({ refundId }: Pick<Row, 'refundId'>): boolean {
  return refundId !== undefined;
}

type Total = keyof Omit<TradeBillSummary, 'fee'>;

/**
 * Totals of a trade bill. No page says whether the summary counts the amount of the order in rows of refunds, or anything of
 * reversed orders: each way is accepted, as long as the summary takes one.
 */
class TradeTotals implements BillTotals<Row, TradeBillSummary> {
  readonly #all: Sums = { ...NONE };
  readonly #withoutRefunds: Sums = { ...NONE };
  readonly #withoutReversals: Sums = { ...NONE };
  /** Without either. */
  readonly #payments: Sums = { ...NONE };
  /** False in a bill of type `SUCCESS`, which has no columns of refunds. */
  #hasRefundColumns = false;

  add(row: Row): void {
    const isReversal = row.tradeState === 'REVOKED';
    addTo(this.#all, row);
    if (!isRefund(row)) addTo(this.#withoutRefunds, row);
    if (!isReversal) addTo(this.#withoutReversals, row);
    if (!isRefund(row) && !isReversal) addTo(this.#payments, row);
    this.#hasRefundColumns ||= row.refundAmount !== undefined;
  }

  contradiction(summary: TradeBillSummary): string | undefined {
    const differs = (name: Total, ...sums: readonly Sums[]): boolean =>
      ![this.#all, ...sums].some((each) => each[name] === summary[name]);
    const [orders, refunds] = [
      [this.#withoutRefunds, this.#withoutReversals, this.#payments],
      [this.#withoutReversals],
    ];
    if (differs('count')) return '总交易单数';
    if (differs('settlementTotal', ...orders)) return '应结订单总金额';
    if (differs('total', ...orders)) return '订单总金额';
    if (!this.#hasRefundColumns && this.#all.count > 0) return undefined;
    if (differs('refundAmount', ...refunds)) return '退款总金额';
    if (differs('couponRefundAmount', ...refunds)) return '充值券退款总金额';
    return differs('requestedRefund', ...refunds) ? '申请退款总金额' : undefined;
  }
}

function addTo(sums: Sums, row: Row): void {
  sums.count++;
  sums.settlementTotal += row.settlementTotal;
  sums.total += row.total;
  sums.refundAmount += row.refundAmount ?? 0;
  sums.couponRefundAmount += row.couponRefundAmount ?? 0;
  sums.requestedRefund += row.requestedRefund ?? 0;
}
