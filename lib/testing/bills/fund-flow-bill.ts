import { billTime } from './bill-day.js';
import { billText, yuan } from './bill-text.js';
import type { DayOfTrade } from './trade-bill.js';

const HEADERS = [
  '记账时间',
  '微信支付业务单号',
  '资金流水单号',
  '业务名称',
  '业务类型',
  '收支类型',
  '收支金额(元)',
  '账户结余(元)',
  '资金变更提交申请人',
  '备注',
  '业务凭证号',
];
const SUMMARY = ['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额'];

/** Change of the balance of an account. */
interface Change {
  readonly at: Date;
  readonly transactionId: string;
  readonly name: string;
  /** Positive into the account, negative out of it; in fen. */
  readonly amount: number;
  readonly applicant: string;
  readonly remark: string;
  readonly voucher: string;
}

/**
 * Writes the fund flow bill of the basic account for a day.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071235
 */
export function fundFlowBillText(day: DayOfTrade): string {
  const changes = changesOf(day).toSorted((a, b) => a.at.getTime() - b.at.getTime());
  let balance = 10_000_000;
  const rows = changes.map((change, index) => {
    balance += change.amount;
    return [
      billTime(change.at),
      change.transactionId,
      `${change.transactionId}${index + 1}`,
      change.name,
      change.name,
      change.amount > 0 ? '收入' : '支出',
      yuan(Math.abs(change.amount)),
      yuan(balance),
      change.applicant,
      change.remark,
      change.voucher,
    ];
  });
  const [income, expense] = [
    changes.filter(({ amount }) => amount > 0),
    changes.filter(({ amount }) => amount < 0),
  ];
  const summary = [income, expense].flatMap((side) => [
    String(side.length),
    yuan(Math.abs(side.reduce((sum, { amount }) => sum + amount, 0))),
  ]);
  return billText({
    headers: HEADERS,
    rows,
    summaryHeaders: SUMMARY,
    summary: [String(changes.length), ...summary],
  });
}

function changesOf({ payments, refunds }: DayOfTrade): Change[] {
  return [
    ...payments.map(({ successTime, createdAt, transactionId = '', amount, outTradeNo }): Change => ({
      at: successTime ?? createdAt,
      transactionId,
      name: '交易',
      amount: amount.total,
      applicant: 'system',
      remark: `结算总金额${yuan(amount.total)}元;含手续费0.00元`,
      voucher: outTradeNo,
    })),
    ...refunds.map(({ refund: { createdAt, refundId, amount, outRefundNo }, order: { mchid } }): Change => ({
      at: createdAt,
      transactionId: refundId,
      name: '退款',
      amount: -amount.refund,
      applicant: `${mchid}API`,
      remark: `退款总金额${yuan(amount.refund)}元;含手续费0.00元`,
      voucher: outRefundNo,
    })),
  ];
}
