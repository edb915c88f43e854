import type { FundFlowRow, FundFlowSummary } from './bill.js';
import type { BillFormat, BillTotals } from './bill-format.js';
import { count, fen, identifier, text, time, type CellType } from './cells.js';
import { absentAs, free, required } from './column.js';

type Row = Omit<FundFlowRow, 'raw'>;

const DIRECTIONS: Readonly<Record<string, 'in' | 'out'>> = { 收入: 'in', 支出: 'out' };

const direction: CellType<'in' | 'out'> = {
  fits: (cell) => Object.hasOwn(DIRECTIONS, cell),
  read: (cell) => DIRECTIONS[cell] ?? 'in',
};

const NONE: FundFlowSummary = { count: 0, inCount: 0, inAmount: 0, outCount: 0, outAmount: 0 };

/**
 * Fund flow bill (资金账单).
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071235
 */
export const FUND_FLOW_BILL: BillFormat<FundFlowRow, FundFlowSummary> = {
  columns: {
    time: required(time, '记账时间'),
    transactionId: absentAs('', text, '微信支付业务单号'),
    flowId: required(identifier, '资金流水单号'),
    businessName: absentAs('', text, '业务名称'),
    businessType: absentAs('', text, '业务类型'),
    direction: required(direction, '收支类型'),
    amount: required(fen, '收支金额(元)', '收支金额（元）', '收支金额'),
    balance: required(fen, '账户结余(元)', '账户结余（元）', '账户结余'),
    applicant: absentAs('', text, '资金变更提交申请人'),
    remark: free(absentAs('', text, '备注')),
    voucher: absentAs('', text, '业务凭证号'),
  },
  summary: {
    count: required(count, '资金流水总笔数'),
    inCount: required(count, '收入笔数'),
    inAmount: required(fen, '收入金额'),
    outCount: required(count, '支出笔数'),
    outAmount: required(fen, '支出金额'),
  },
  summaryStart: '资金流水总笔数',
  none: NONE,
  totals: () => new FundFlowTotals(),
};

/** Totals of a fund flow bill. */
class FundFlowTotals implements BillTotals<Row, FundFlowSummary> {
  readonly #in = { count: 0, amount: 0 };
  readonly #out = { count: 0, amount: 0 };

  add({ direction: way, amount }: Row): void {
    const side = way === 'in' ? this.#in : this.#out;
    side.count++;
    side.amount += amount;
  }

  contradiction(summary: FundFlowSummary): string | undefined {
    const sums: readonly (readonly [header: string, summary: number, rows: number])[] = [
      ['资金流水总笔数', summary.count, this.#in.count + this.#out.count],
      ['收入笔数', summary.inCount, this.#in.count],
      ['收入金额', summary.inAmount, this.#in.amount],
      ['支出笔数', summary.outCount, this.#out.count],
      ['支出金额', summary.outAmount, this.#out.amount],
    ];
    return sums.find(([, total, rows]) => total !== rows)?.[0];
  }
}
