import { lostMember } from '../domain/lost-members.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';

/**
 * Checks that JSON preserves a body unchanged. JSON changes numbers that are not finite or too long, drops undefined values,
 * getters and inherited members, fills the holes of an array, and turns a Map into `{}`.
 *
 * @param field name of the argument
 * @throws {WxPayInputError} naming `field` and the path in it, such as `amount.total`
 */
export function checkBody(body: unknown, field = 'body'): void {
  const problem = problemWithin(body, '', []);
  if (problem !== undefined) throw new WxPayInputError(field, `must be JSON-serializable: ${problem}.`);
}

function problemWithin(given: unknown, path: string, parents: readonly unknown[]): string | undefined {
  const value = asJson(given);
  const problem = parents.includes(given) ? 'contains itself' : problemOf(value);
  if (problem !== undefined) return `${path === '' ? 'it' : path} ${problem}`;
  if (typeof value !== 'object' || value === null || kindOf(value) === 'Date') return undefined;
  const within = [...parents, given];
  for (const name of Object.keys(value)) {
    const member = (value as Readonly<Record<string, unknown>>)[name];
    const inMember = problemWithin(member, pathOf(value, name, path), within);
    if (inMember !== undefined) return inMember;
  }
  return undefined;
}

/** Returns the result of an object's own `toJSON`, if it has one; otherwise the value. */
function asJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || kindOf(value) !== 'Object') return value;
  const { toJSON } = value as { readonly toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(value) as unknown) : value;
}

function pathOf(parent: object, name: string, path: string): string {
  if (Array.isArray(parent)) return `${path}[${name}]`;
  return path === '' ? name : `${path}.${name}`;
}

function problemOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined;
    case 'number':
      return problemOfNumber(value);
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

function problemOfNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return 'is not a finite number';
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? 'is an integer that JavaScript may have rounded; pass it as a string'
    : undefined;
}

function problemOfObject(value: object): string | undefined {
  const kind = kindOf(value);
  if (kind === 'Object') return lostMember(value);
  if (Array.isArray(value)) return problemOfList(value);
  if (kind === 'Date') return Number.isFinite((value as Date).getTime()) ? undefined : 'is no valid Date';
  return `is a ${kind}`;
}

function problemOfList(list: readonly unknown[]): string | undefined {
  const names = Object.keys(list);
  const odd = names.find((name) => !/^\d+$/.test(name));
  if (odd !== undefined) return `has the member ${odd}, which is not an index`;
  return names.length === list.length ? undefined : 'has holes';
}

/** Returns the tag of an object. In test environments with their own classes, `instanceof` would fail. */
function kindOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
