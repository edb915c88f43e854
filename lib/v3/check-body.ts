import { WxPayInputError } from '../errors/wxpay-input-error.js';

/**
 * Checks that a body arrives as it was meant: JSON would change numbers that are not finite, drop what is undefined, and
 * make `{}` of a Map.
 *
 * @throws {WxPayInputError} naming `body` and the place in it, such as `amount.total`
 */
export function checkBody(body: unknown): void {
  check(body, '', []);
}

function check(value: unknown, place: string, parents: readonly unknown[]): void {
  const problem = parents.includes(value) ? 'contains itself' : problemOf(value);
  if (problem !== undefined)
    throw new WxPayInputError(
      'body',
      `must be JSON-serializable: ${place === '' ? 'it' : place} ${problem}.`,
    );
  if (typeof value !== 'object' || value === null || kindOf(value) === 'Date') return;
  const within = [...parents, value];
  for (const [name, member] of Object.entries(value)) check(member, placeOf(value, name, place), within);
}

function placeOf(parent: object, name: string, place: string): string {
  if (Array.isArray(parent)) return `${place}[${name}]`;
  return place === '' ? name : `${place}.${name}`;
}

function problemOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return Number.isFinite(value) ? undefined : 'is not a finite number';
    case 'undefined':
      return 'is undefined; leave the field out, or give it a value';
    case 'bigint':
      return 'is a BigInt';
    case 'object':
      return value === null ? undefined : problemOfObject(value);
    default:
      return `is a ${typeof value}`;
  }
}

function problemOfObject(value: object): string | undefined {
  const kind = kindOf(value);
  if (kind === 'Object' || kind === 'Array') return undefined;
  if (kind === 'Date') return Number.isFinite((value as Date).getTime()) ? undefined : 'is no valid Date';
  return `is a ${kind}`;
}

/** By its tag: test environments bring classes of their own. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
