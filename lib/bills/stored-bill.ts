import type { Bill } from '../domain/bills/bill.js';
import type { BillFormat } from '../domain/bills/bill-format.js';
import { BillReader } from '../domain/bills/bill-reader.js';
import { UnreadableLine } from '../domain/bills/unreadable-line.js';
import type { BillFile } from '../domain/ports/bill-api.js';
import type { CallContext } from '../errors/call-context.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { safeCause } from '../errors/safe-cause.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { linesOf, UnreadableText } from './lines.js';

/** Names a bill in errors. */
export type BillName = Pick<CallContext, 'subject' | 'merchant'>;

/** Terms on which a file becomes a bill. */
export interface OpenBillOptions<Row extends object, Summary extends { readonly count: number }> {
  readonly format: BillFormat<Row, Summary>;
  readonly name: BillName;
  readonly signal: AbortSignal;
  /** Time limit of the call, and its end by `performance.now()`. */
  readonly limit: { readonly timeoutMs: number; readonly endsAt: number };
}

/**
 * Reads a downloaded bill from beginning to end, and compares its rows with its summary.
 *
 * @throws {WxPayProtocolError} if a line cannot be read, or the summary does not agree; the file is removed then
 * @throws {WxPayTransportError} if the time is up, or the file cannot be read; the file is removed then
 */
export async function openBill<Row extends object, Summary extends { readonly count: number }>(
  bill: BillFile,
  options: OpenBillOptions<Row, Summary>,
): Promise<Bill<Row, Summary>> {
  const { format, name } = options;
  try {
    const summary = bill.isEmpty ? format.none : await checkedSummary(bill.file.path, options);
    return new StoredBill(bill, { summary, format, name });
  } catch (error) {
    await bill.file[Symbol.asyncDispose]();
    throw error;
  }
}

async function checkedSummary<Row extends object, Summary extends { readonly count: number }>(
  path: string,
  { format, name, signal, limit }: OpenBillOptions<Row, Summary>,
): Promise<Summary> {
  const totals = format.totals();
  const reader = new BillReader(format);
  for await (const rows of rowsOf(path, reader, name)) {
    signal.throwIfAborted();
    if (performance.now() > limit.endsAt) throw timeIsUp(name, limit.timeoutMs);
    for (const row of rows) totals.add(row);
  }
  const summary = reader.end();
  const contradicted = totals.contradiction(summary);
  if (contradicted === undefined) return summary;
  throw new WxPayProtocolError(
    contradicted,
    `The ${name.subject} does not add up: its summary has another ${contradicted} than its rows. None of it was used; save the file with WxPayClient.download to look at it, and report it.`,
    { merchant: name.merchant },
  );
}

/** Yields the rows of a file in batches. */
async function* rowsOf<Row extends object, Summary extends { readonly count: number }>(
  path: string,
  reader: BillReader<Row, Summary>,
  name: BillName,
): AsyncGenerator<readonly Row[]> {
  let number = 0;
  try {
    for await (const lines of linesOf(path)) {
      const rows: Row[] = [];
      for (const line of lines) {
        number++;
        const row = reader.read(line);
        if (row !== undefined) rows.push(row);
      }
      yield rows;
    }
    reader.end();
  } catch (error) {
    throw unreadable(error, number, name);
  }
}

function timeIsUp({ subject, merchant }: BillName, timeoutMs: number): WxPayTransportError {
  return new WxPayTransportError(
    `The ${subject} was downloaded, but not checked within ${Math.ceil(timeoutMs)} ms. None of it was used: give the call more time.`,
    { merchant, timedOut: true },
  );
}

function unreadable(error: unknown, line: number, { subject, merchant }: BillName): unknown {
  if (error instanceof UnreadableLine) {
    return new WxPayProtocolError(
      `line ${line}`,
      `Line ${line} of the ${subject} ${error.message}. None of the bill was used; save the file with WxPayClient.download to look at it, and report it.`,
      { merchant },
    );
  }
  if (error instanceof UnreadableText) {
    return new WxPayProtocolError('$', `The ${subject} cannot be read: ${error.message}.`, { merchant });
  }
  if (typeof error === 'object' && error !== null && 'syscall' in error) {
    return new WxPayTransportError(
      `The file of the ${subject} cannot be read. Something else may have removed it from the temporary folder: download the bill again.`,
      { merchant, cause: safeCause(error) },
    );
  }
  return error;
}

/** Bill whose file was checked. */
class StoredBill<Row extends object, Summary extends { readonly count: number }> implements Bill<
  Row,
  Summary
> {
  readonly summary: Summary;
  readonly proven: boolean;
  readonly path: string;
  readonly #bill: BillFile;
  readonly #format: BillFormat<Row, Summary>;
  readonly #name: BillName;
  #isDisposed = false;

  constructor(
    bill: BillFile,
    {
      summary,
      format,
      name,
    }: { readonly summary: Summary; readonly format: BillFormat<Row, Summary>; readonly name: BillName },
  ) {
    this.summary = summary;
    this.proven = bill.proven;
    this.path = bill.file.path;
    this.#bill = bill;
    this.#format = format;
    this.#name = name;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    if (this.#isDisposed) throw new WxPayInputError('bill', 'was disposed of: read it before that.');
    if (this.#bill.isEmpty) return;
    for await (const rows of rowsOf(this.path, new BillReader(this.#format), this.#name)) yield* rows;
  }

  saveTo(path: string): Promise<void> {
    return this.#bill.file.saveTo(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#bill.file[Symbol.asyncDispose]();
  }
}
