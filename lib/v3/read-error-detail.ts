import { readPointer, readPointerIn } from '../errors/read-pointer.js';
import type { WxPayErrorDetail } from '../errors/wxpay-api-error.js';

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads which part of the request a refusal concerns.
 *
 * Few replies have `detail.field`. Most name the field only in the text, as a JSON pointer after 输入源, or as the value.
 *
 * @param text WeChat Pay's own text
 * @returns `undefined` if the reply names no part
 */
export function readErrorDetail(detail: unknown, text: string | undefined): WxPayErrorDetail | undefined {
  const members = membersOf(detail);
  const pointer = pointerIn(members['value'], text);
  const field = textOf(members['field']) ?? pointer?.field;
  const issue = textOf(members['issue']) ?? textOf(membersOf(members['detail'])['issue']);
  const location = textOf(members['location']) ?? pointer?.location;
  const signMessageLength = lengthOf(membersOf(members['sign_information'])['sign_message_length']);
  const read = {
    ...(field !== undefined && { field }),
    ...(issue !== undefined && { issue }),
    ...(location !== undefined && { location }),
    ...(signMessageLength !== undefined && { signMessageLength }),
  };
  return Object.keys(read).length === 0 ? undefined : read;
}

function pointerIn(
  value: unknown,
  text = '',
): { readonly field: string; readonly location: string } | undefined {
  const [first]: readonly unknown[] = Array.isArray(value) ? value : [value];
  const pointer = readPointerIn(text) ?? (typeof first === 'string' ? readPointer(first) : undefined);
  if (pointer === undefined) return undefined;
  const { location, path } = pointer;
  // Same form as `detail.field`: a pointer into the body, a plain name elsewhere.
  return { field: location === 'body' ? path : path.slice(1), location };
}

function membersOf(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function lengthOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
