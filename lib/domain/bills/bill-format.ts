import type { Columns } from './column.js';

/** Kind of bill: its columns, its summary, and how the two have to agree. */
export interface BillFormat<Row extends object, Summary extends { readonly count: number }> {
  readonly columns: Columns<Omit<Row, 'raw'>>;
  readonly summary: Columns<Summary>;
  /** First header of the summary, by which its line is recognised. */
  readonly summaryStart: string;
  /** Summary of a day without transactions. */
  readonly none: Summary;
  /** Creates the totals of no rows. */
  totals(): BillTotals<Omit<Row, 'raw'>, Summary>;
}

/** Totals of the rows read so far. */
export interface BillTotals<Row, Summary> {
  add(row: Row): void;
  /** Returns the name of a total that the summary contradicts, or undefined. */
  contradiction(summary: Summary): string | undefined;
}
