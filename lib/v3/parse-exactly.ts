/**
 * Matches JSON that may contain a number which JavaScript cannot represent: more than 15 digits, or an exponent. A false
 * match in a string only costs the closer check.
 */
const SUSPECT = /(?:^|[:,[])\s*-?(?:\d[\d.]{15}|[\d.]+[eE])/;
/** Matches a string, which is kept unchanged, or a number. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON without silently changing a number: a number that JavaScript would round, or that is beyond 2^53, becomes a
 * string of the same digits.
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

/** Tells whether JavaScript represents a number exactly, within its range of safe integers. */
function isExact(token: string): boolean {
  const value = Number(token);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && decimalOf(token) === decimalOf(String(value));
}

/** Normalizes a decimal: its digits without leading and trailing zeros, and the exponent of the last digit. */
function decimalOf(token: string): string {
  const [mantissa = '', exponent = '0'] = token.replace(/^-/, '').toLowerCase().split(/e(.*)/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  const power = Number(exponent) - fraction.length + digits.length - significant.length;
  return significant === '' ? '0' : `${significant}e${power}`;
}

/**
 * Removes trailing zeros. `/0+$/` would be quadratic in a long run of zeros: seconds for a number that any client can send.
 */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end--;
  return digits.slice(0, end);
}
