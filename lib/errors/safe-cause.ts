import { types } from 'node:util';
import { redact, safeLine } from './redact.js';

const MAX_DEPTH = 5;

/**
 * Reduces a foreign error to what may stand in a log: name, code, redacted messages and stack frames.
 *
 * HTTP clients hang the whole request, `Authorization` included, on their errors; none of that is kept.
 */
export function safeCause(cause: unknown): Error {
  const chain = chainOf(cause);
  // The innermost error says what really happened: a socket error rather than the HTTP client's wrapping of it.
  const root = chain.at(-1);
  const code = codeOf(root) ?? codeOf(cause);
  const messages = new Set(chain.map(messageOf).filter((message) => message !== ''));
  const safe: Error & { code?: string } = new Error(redact([...messages].join(': ')) || code || 'unknown');
  Object.defineProperty(safe, 'name', { value: nameOf(root), configurable: true, writable: true });
  if (code !== undefined) safe.code = code;
  safe.stack = [`${safe.name}: ${safe.message}`, ...framesOf(root)].join('\n');
  return safe;
}

/** The stack of an error of the app as it may stand in a log: its message in one line, without secrets, and its frames. */
export function safeStack(error: Error): string {
  return [`${nameOf(error)}: ${safeLine(textOf(error.message))}`, ...framesOf(error)].join('\n');
}

function chainOf(cause: unknown): unknown[] {
  const chain = [cause];
  for (let error = cause; isError(error) && isError(error.cause) && chain.length < MAX_DEPTH;) {
    error = error.cause;
    chain.push(error);
  }
  return chain;
}

/** True for the errors of another realm too (a `vm` context, a test runner), for which `instanceof` is not. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function messageOf(error: unknown): string {
  if (isError(error) && 'errors' in error && Array.isArray(error.errors)) {
    // What Node throws when every address of a host refuses; its own message is empty.
    return error.errors.map((each) => (isError(each) ? textOf(each.message) : '')).join('; ');
  }
  if (isError(error)) return textOf(error.message);
  return typeof error === 'string' ? error : `a thrown ${typeof error}`;
}

function nameOf(error: unknown): string {
  return (isError(error) && redact(textOf(error.name))) || 'Error';
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = isError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? redact(code) : undefined;
}

/** A message of several lines can contain lines that look like frames, so these are redacted as well. */
function framesOf(error: unknown): string[] {
  const lines = isError(error) ? textOf(error.stack).split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => `    ${redact(line)}`);
}

/** Libraries put all kinds of values where a string belongs. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
