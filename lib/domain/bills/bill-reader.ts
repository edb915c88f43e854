import type { BillFormat } from './bill-format.js';
import { headersOf, lineReader, type LineReader } from './line-reader.js';
import { UnreadableLine } from './unreadable-line.js';

/** Reads a bill line by line: a header, its rows, the header of the summary, the summary. */
export class BillReader<Row extends object, Summary extends { readonly count: number }> {
  readonly #format: BillFormat<Row, Summary>;
  #headers: readonly string[] = [];
  #readRow: LineReader<Omit<Row, 'raw'>> | undefined;
  #readSummary: LineReader<Summary> | undefined;
  #summary: Summary | undefined;

  constructor(format: BillFormat<Row, Summary>) {
    this.#format = format;
  }

  /**
   * Reads the next line.
   *
   * @returns the row in it, if it has one
   * @throws {UnreadableLine} if it cannot be read
   */
  read(line: string): Row | undefined {
    if (line.trim() === '') return undefined;
    if (this.#summary !== undefined) throw new UnreadableLine('comes after the summary');
    if (this.#readSummary !== undefined) {
      this.#summary = this.#readSummary(line).row;
      return undefined;
    }
    const { columns, summary, summaryStart } = this.#format;
    const isSummary = line.startsWith(summaryStart) || line.startsWith(`\`${summaryStart}`);
    if (this.#readRow === undefined) {
      if (isSummary) throw new UnreadableLine('is the summary, but no header came before');
      this.#headers = headersOf(line);
      this.#readRow = lineReader(columns, this.#headers);
      return undefined;
    }
    if (isSummary) {
      this.#readSummary = lineReader(summary, headersOf(line));
      return undefined;
    }
    return this.#row(this.#readRow(line));
  }

  /**
   * Returns the summary once all lines are read.
   *
   * @throws {UnreadableLine} if the bill ended before
   */
  end(): Summary {
    if (this.#summary === undefined) throw new UnreadableLine('is the last, but the summary is missing');
    return this.#summary;
  }

  #row({ row, cells }: ReturnType<LineReader<Omit<Row, 'raw'>>>): Row {
    const headers = this.#headers;
    // Built when it is asked for: few callers need the cells.
    return Object.defineProperty(row, 'raw', {
      get: () => Object.fromEntries(headers.map((header, index) => [header, cells[index] ?? ''])),
    }) as Row;
  }
}
