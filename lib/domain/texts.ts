import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { lostMember } from './lost-members.js';

/**
 * Copies an object of strings, so that later changes by the caller are not sent.
 *
 * @param option name of the option, such as `fields`
 * @throws {WxPayInputError} naming the option, and the member that is not a string
 */
export function copyTexts(option: string, value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) {
    throw new WxPayInputError(option, 'must be an object of strings.');
  }
  const isObject = Object.prototype.toString.call(value) === '[object Object]';
  const problem = isObject ? lostMember(value) : 'is a list or an object of another kind';
  if (problem !== undefined) {
    throw new WxPayInputError(option, `must be an object of strings: it ${problem}.`);
  }
  const copy = { ...value } as Record<string, string>;
  const wrong = Object.entries(copy).find(([, member]) => typeof member !== 'string');
  if (wrong !== undefined) {
    throw new WxPayInputError(
      option,
      `must be an object of strings: ${wrong[0]} is ${describe(wrong[1])}. Make it a string, or leave it out.`,
    );
  }
  return copy;
}

/**
 * Checks a text to encrypt or decrypt.
 *
 * @throws {WxPayInputError} naming the argument, without its value
 */
export function checkSensitiveText(argument: string, value: unknown): void {
  if (typeof value === 'string' && value !== '') return;
  const received = value === '' ? 'an empty one' : describe(value);
  throw new WxPayInputError(argument, `must be a string that is not empty; received ${received}.`);
}

function describe(value: unknown): string {
  return value === null ? 'null' : typeof value;
}
