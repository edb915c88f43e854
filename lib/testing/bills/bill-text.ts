/** Lines of a bill: headers, rows and summary, as cells. */
export interface BillLines {
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly summaryHeaders: readonly string[];
  readonly summary: readonly string[];
}

/** Writes a bill as WeChat Pay does: a back-tick before each cell, but not in headers. */
export function billText({ headers, rows, summaryHeaders, summary }: BillLines): string {
  const lines = [headers.join(','), ...rows.map(lineOf), summaryHeaders.join(','), lineOf(summary)];
  return lines.map((line) => `${line}\r\n`).join('');
}

/** Writes an amount in fen as yuan with two decimals. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Writes a fee in fen as yuan with five decimals. */
export function feeText(fen: number): string {
  return `${yuan(fen)}000`;
}

function lineOf(cells: readonly string[]): string {
  return cells.map((cell) => `\`${cell}`).join(',');
}
