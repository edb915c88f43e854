import type { TradeBillType } from '../../index.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { MockRefund } from '../refunds/mock-refund.js';
import { billTime } from './bill-day.js';
import { billText, feeText, yuan } from './bill-text.js';

/** Transactions of one day. */
export interface DayOfTrade {
  readonly payments: readonly MockOrder[];
  /** Refunds with their orders. */
  readonly refunds: readonly { readonly refund: MockRefund; readonly order: MockOrder }[];
}

const PARTY = ['交易时间', '公众账号ID', '商户号', '特约商户号', '设备号', '微信订单号', '商户订单号'];
const TRADE = ['用户标识', '交易类型', '交易状态', '付款银行', '货币种类', '应结订单金额', '代金券金额'];
const REFUND_TIMES = ['退款申请时间', '退款成功时间'];
const REFUND = ['微信退款单号', '商户退款单号', '退款金额', '充值券退款金额', '退款类型', '退款状态'];
const GOODS = ['商品名称', '商户数据包', '手续费', '费率', '订单金额'];
const SUMMARY = [
  '总交易单数',
  '应结订单总金额',
  '退款总金额',
  '充值券退款总金额',
  '手续费总金额',
  '订单总金额',
  '申请退款总金额',
];
const RATE = 0.006;
const NO_REFUND = ['0', '0', '0.00', '0.00', '', ''];
const REFUND_STATES: Readonly<Record<string, string>> = { ABNORMAL: 'CHANGE' };

/**
 * Writes the trade bill of a day.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071227
 */
export function tradeBillText({ payments, refunds }: DayOfTrade, type: TradeBillType): string {
  const paid = type === 'REFUND' ? [] : payments;
  const refunded = type === 'SUCCESS' ? [] : refunds;
  const fees = [
    ...paid.map(({ amount }) => feeOf(amount.total)),
    ...refunded.map(({ refund }) => -feeOf(refund.amount.refund)),
  ];
  const total = sumOf(paid.map(({ amount }) => amount.total));
  const refundTotal = sumOf(refunded.map(({ refund }) => refund.amount.refund));
  return billText({
    headers: [
      ...PARTY,
      ...TRADE,
      ...(type === 'REFUND' ? REFUND_TIMES : []),
      ...(type === 'SUCCESS' ? [] : REFUND),
      ...GOODS,
      ...(type === 'SUCCESS' ? [] : ['申请退款金额']),
      '费率备注',
    ],
    rows: [
      ...paid.map((order) => paymentCells(order, type)),
      ...refunded.map(({ refund, order }) => refundCells(refund, order, type)),
    ],
    summaryHeaders: SUMMARY,
    summary: [
      String(paid.length + refunded.length),
      yuan(total),
      yuan(refundTotal),
      yuan(0),
      feeText(sumOf(fees)),
      yuan(total),
      yuan(refundTotal),
    ],
  });
}

function paymentCells(order: MockOrder, type: TradeBillType): string[] {
  const { successTime = order.createdAt, amount } = order;
  const { total, payerTotal = total } = amount;
  return [
    ...partyCells(order, successTime),
    ...tradeCells(order, 'SUCCESS'),
    yuan(total),
    yuan(total - payerTotal),
    ...(type === 'SUCCESS' ? [] : NO_REFUND),
    ...goodsCells(order, feeOf(total)),
    yuan(total),
    ...(type === 'SUCCESS' ? [] : [yuan(0)]),
    '',
  ];
}

function refundCells(refund: MockRefund, order: MockOrder, type: TradeBillType): string[] {
  const { createdAt, successTime, refundId, outRefundNo, status } = refund;
  const amount = yuan(refund.amount.refund);
  return [
    ...partyCells(order, createdAt),
    ...tradeCells(order, 'REFUND'),
    yuan(0),
    yuan(0),
    ...(type === 'REFUND'
      ? [billTime(createdAt), successTime === undefined ? '' : billTime(successTime)]
      : []),
    refundId,
    outRefundNo,
    amount,
    yuan(0),
    'ORIGINAL',
    REFUND_STATES[status] ?? status,
    ...goodsCells(order, -feeOf(refund.amount.refund)),
    yuan(0),
    amount,
    '',
  ];
}

function partyCells({ appid, mchid, subMchid = '0', ...order }: MockOrder, at: Date): string[] {
  const { sceneInfo, transactionId = '', outTradeNo } = order;
  return [billTime(at), appid, mchid, subMchid, sceneInfo?.deviceId ?? '', transactionId, outTradeNo];
}

function tradeCells({ payer, tradeType, bankType, amount }: MockOrder, state: string): string[] {
  return [payer?.openid ?? '', tradeType ?? '', state, bankType ?? 'OTHERS', amount.currency ?? 'CNY'];
}

function goodsCells(
  { description = 'Image形象店-深圳腾大-QQ公仔', attach = '' }: MockOrder,
  fee: number,
): string[] {
  return [description, attach, feeText(fee), '0.60%'];
}

function feeOf(fen: number): number {
  return Math.round(fen * RATE);
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, amount) => sum + amount, 0);
}
