import type { Column } from './column.js';
import { UnreadableLine } from './unreadable-line.js';

const MARK = '`';
const SEPARATOR = ',`';
/** More separators within texts than any line of a real bill has; each one multiplies the possible readings. */
const MAX_EXTRA = 8;

/**
 * Splits a line into its cells. Each cell is preceded by a back-tick, so that commas within a cell do not separate.
 *
 * A text of the merchant may contain a comma followed by a back-tick. Such a line is read if exactly one way to split it fits
 * the columns.
 *
 * @param columns in the order of the header; undefined for one that is not read
 * @throws {UnreadableLine} if no way fits, or several do
 */
export function splitCells(
  line: string,
  columns: readonly (Column<unknown> | undefined)[],
): readonly string[] {
  if (!line.startsWith(MARK)) throw new UnreadableLine('does not begin with a back-tick');
  const pieces = line.slice(MARK.length).split(SEPARATOR);
  const extra = pieces.length - columns.length;
  if (extra === 0) return pieces;
  if (extra < 0 || extra > MAX_EXTRA) {
    throw new UnreadableLine(`has ${pieces.length} cells, not ${columns.length}`);
  }
  const [only, ...others] = readingsOf(pieces, columns, extra);
  if (only !== undefined && others.length === 0) return only;
  const problem = only === undefined ? 'in no way that fits' : 'in more than one way';
  throw new UnreadableLine(`has ${pieces.length} cells, not ${columns.length}, and can be split ${problem}`);
}

/** Returns the ways to join pieces into cells that fit; at most two. */
function readingsOf(
  pieces: readonly string[],
  columns: readonly (Column<unknown> | undefined)[],
  extra: number,
): readonly (readonly string[])[] {
  const [column, ...rest] = columns;
  if (columns.length === 0) return pieces.length === 0 ? [[]] : [];
  const found: (readonly string[])[] = [];
  for (let joined = 0; joined <= (column?.isFree === true ? extra : 0) && found.length < 2; joined++) {
    const cell = pieces.slice(0, joined + 1).join(SEPARATOR);
    if (column?.type.fits(cell) === false) continue;
    const readings = readingsOf(pieces.slice(joined + 1), rest, extra - joined);
    found.push(...readings.map((reading) => [cell, ...reading]));
  }
  return found.slice(0, 2);
}
