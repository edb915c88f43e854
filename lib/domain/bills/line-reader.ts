import type { Column, Columns } from './column.js';
import { splitCells } from './split-cells.js';
import { UnreadableLine } from './unreadable-line.js';

/** Reads a line into the members of a row. */
export type LineReader<Row> = (line: string) => { readonly row: Row; readonly cells: readonly string[] };

/** Splits a header line. Some tools write back-ticks there, too. */
export function headersOf(line: string): string[] {
  return line.split(',').map((header) => header.trim().replace(/^`/, ''));
}

/**
 * Creates the reader of the lines below a header. Columns are found by their header, in any order; unknown ones are skipped.
 *
 * @throws {UnreadableLine} if a header is missing or comes twice
 */
export function lineReader<Row extends object>(
  columns: Columns<Row>,
  headers: readonly string[],
): LineReader<Row> {
  const twice = headers.find((header, index) => headers.indexOf(header) !== index);
  if (twice !== undefined) throw new UnreadableLine(`has the header ${twice} twice`);
  const members = (Object.entries(columns) as [keyof Row, Column<unknown>][]).map(([name, column]) => ({
    name,
    column,
    index: column.headers.map((header) => headers.indexOf(header)).find((index) => index !== -1) ?? -1,
  }));
  const missing = members.find(({ index, column }) => index === -1 && column.missing === undefined);
  if (missing !== undefined) throw new UnreadableLine(`lacks the header ${missing.column.headers[0]}`);
  const layout = headers.map((header) =>
    Object.values<Column<unknown>>(columns).find((column) => column.headers.includes(header)),
  );
  return (line) => {
    const cells = splitCells(line, layout);
    const row: Partial<Record<keyof Row, unknown>> = {};
    for (const { name, column, index } of members) {
      const cell = cells[index];
      const value = cell === undefined ? column.missing?.value : valueOf(cell, column);
      if (value !== undefined) row[name] = value;
    }
    // Sound: there is a column for every member of Row, and each was read or has a value for none.
    return { row: row as Row, cells };
  };
}

function valueOf(cell: string, { type, headers: [header] }: Column<unknown>): unknown {
  if (type.fits(cell)) return type.read(cell);
  throw new UnreadableLine(`has a cell ${header} of ${cell.length} characters that cannot be read`);
}
