/** Type of the cells of a column. */
export interface CellType<T> {
  /** Returns true if a cell can be one of this column. */
  fits(cell: string): boolean;
  /** Reads a cell that fits. */
  read(cell: string): T;
}

const YUAN = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/;
const DECIMAL = /^-?\d{1,13}(?:\.\d{1,10})?$/;
const RATE = /^(?:-?\d{1,5}(?:\.\d{1,10})?%?)?$/;
// The sandbox writes two blanks.
const TIME = /^(\d{4})-(\d{2})-(\d{2}) {1,2}(\d{2}):(\d{2}):(\d{2})$/;
const COUNT = /^\d{1,15}$/;
const BEIJING_OFFSET_HOURS = 8;

/** Any text. */
export const text: CellType<string> = { fits: () => true, read: (cell) => cell };

/** Text that is never empty. */
export const identifier: CellType<string> = { fits: (cell) => cell !== '', read: (cell) => cell };

/** Text that may be absent. WeChat Pay writes nothing or 0 for none. */
export const optionalText: CellType<string | undefined> = {
  fits: () => true,
  read: (cell) => (cell === '' || cell === '0' ? undefined : cell),
};

/** Whole number. */
export const count: CellType<number> = { fits: (cell) => COUNT.test(cell), read: Number };

/** Amount in yuan, read as an integer in fen. No floating-point number is involved. */
export const fen: CellType<number> = {
  fits: (cell) => YUAN.test(cell),
  read(cell) {
    const [, sign = '', yuan = '', decimals = ''] = YUAN.exec(cell) ?? [];
    const amount = Number(yuan + decimals.padEnd(2, '0'));
    return sign === '-' && amount !== 0 ? -amount : amount;
  },
};

/** Amount in yuan that is kept as written. */
export const decimal: CellType<string> = { fits: (cell) => DECIMAL.test(cell), read: (cell) => cell };

/** Percentage that is kept as written. */
export const rate: CellType<string> = { fits: (cell) => RATE.test(cell), read: (cell) => cell };

/** Time in Beijing. */
export const time: CellType<Date> = {
  fits: (cell) => timeOf(cell) !== undefined,
  // Sound: the cell fits.
  read: (cell) => timeOf(cell) as Date,
};

/** Makes a cell optional: an empty one is undefined. */
export function optional<T>(type: CellType<T>): CellType<T | undefined> {
  return {
    fits: (cell) => cell === '' || type.fits(cell),
    read: (cell) => (cell === '' ? undefined : type.read(cell)),
  };
}

/** Makes the cell of an amount 0 if it is empty. */
export function zeroIfEmpty(type: CellType<number>): CellType<number> {
  return {
    fits: (cell) => cell === '' || type.fits(cell),
    read: (cell) => (cell === '' ? 0 : type.read(cell)),
  };
}

function timeOf(cell: string): Date | undefined {
  const parts = TIME.exec(cell);
  if (parts === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // A day that does not exist becomes another one.
  const isReal = local.getUTCDate() === day && local.getUTCMonth() === month - 1 && hour < 24 && minute < 60;
  return isReal && second < 60 ? new Date(local.getTime() - BEIJING_OFFSET_HOURS * 3_600_000) : undefined;
}
