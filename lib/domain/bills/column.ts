import type { CellType } from './cells.js';

/** Column of a bill, by its header. */
export interface Column<T> {
  /** Headers that WeChat Pay has used for it, in order of preference. */
  readonly headers: readonly string[];
  readonly type: CellType<T>;
  /** Value for a bill that lacks the column; without it the column must be there. */
  readonly missing?: { readonly value: T };
  /** True if the text comes from the merchant, so that it may contain what separates cells. */
  readonly isFree?: boolean;
}

/** Columns by the name of their member in a row. */
export type Columns<Row> = { readonly [Name in keyof Row]-?: Column<Row[Name]> };

/** Defines a column that every bill has. */
export function required<T>(type: CellType<T>, ...headers: readonly string[]): Column<T> {
  return { headers, type };
}

/** Defines a column that some bills lack. */
export function absentAs<T>(value: T, type: CellType<T>, ...headers: readonly string[]): Column<T> {
  return { headers, type, missing: { value } };
}

/** Marks a column as free text of the merchant. */
export function free<T>(column: Column<T>): Column<T> {
  return { ...column, isFree: true };
}
