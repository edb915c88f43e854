import { WxPayInputError } from '../errors/wxpay-input-error.js';

/**
 * Checks a string that the app passes.
 *
 * @param expected description of a valid value, to follow "must be"
 * @throws {WxPayInputError} naming `field` and describing the value by its type or length, never by its content
 */
export function checkText(pattern: RegExp, value: unknown, field: string, expected: string): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  const received =
    typeof value === 'string' ? `a string of ${value.length} characters` : `a value of type ${typeof value}`;
  throw new WxPayInputError(field, `must be ${expected}; received ${received}.`);
}
