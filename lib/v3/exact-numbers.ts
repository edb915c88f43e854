/**
 * Places where JSON may hold a number that JavaScript cannot: one of more than 15 digits, or with an exponent. A text that
 * only looks like one costs no more than the closer look.
 */
const SUSPECT = /(?:^|[:,[])\s*-?(?:\d[\d.]{15}|[\d.]+[eE])/;
/** A text, which stays as it is, or a number. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON without changing a number in silence: one that JavaScript would round, or beyond 2^53, becomes a text with
 * its very digits.
 *
 * @throws {SyntaxError} if it is not JSON
 */
export function parseExactly(json: string): unknown {
  const parsed: unknown = JSON.parse(json);
  if (!SUSPECT.test(json)) return parsed;
  return JSON.parse(
    json.replace(TOKEN, (token) => (token.startsWith('"') || isExact(token) ? token : `"${token}"`)),
  );
}

/** Whether the number that JavaScript makes of it is the same decimal, and not beyond what it can count to. */
function isExact(token: string): boolean {
  const value = Number(token);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && decimalOf(token) === decimalOf(String(value));
}

/** One spelling for each decimal: its digits without zeros around them, and the power of ten of the last one. */
function decimalOf(token: string): string {
  const [mantissa = '', exponent = '0'] = token.replace(/^-/, '').toLowerCase().split(/e(.*)/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === '' ? '0' : `${significant}e${power}`;
}

/** `/0+$/` would look at each zero of a long run again and again: seconds for a number that anybody can send. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
