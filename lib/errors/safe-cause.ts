import { types } from 'node:util';
import { redact, safeLine } from './redact.js';

const MAX_DEPTH = 5;

/**
 * Copies the name, the code, the redacted messages and the stack frames of a foreign error.
 *
 * HTTP clients attach the whole request, `Authorization` header included, to their errors; none of that is kept.
 */
export function safeCause(cause: unknown): Error {
  const chain = chainOf(cause);
  // The innermost error is the actual failure: a socket error rather than the HTTP client's wrapper.
  const root = chain.at(-1);
  const code = codeOf(root) ?? codeOf(cause);
  const messages = new Set(chain.map(messageOf).filter((message) => message !== ''));
  const safe: Error & { code?: string } = new Error(redact([...messages].join(': ')) || code || 'unknown');
  Object.defineProperty(safe, 'name', { value: nameOf(root), configurable: true, writable: true });
  if (code !== undefined) safe.code = code;
  safe.stack = [`${safe.name}: ${safe.message}`, ...framesOf(root)].join('\n');
  return safe;
}

/** Returns the stack of an app error in a form that is safe to log: its message on one line without secrets, then its frames. */
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

/** Returns true for errors of another realm too (a `vm` context, a test runner), where `instanceof` fails. */
function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

function messageOf(error: unknown): string {
  if (isError(error) && 'errors' in error && Array.isArray(error.errors)) {
    // Node's AggregateError, thrown when every address of a host refuses; its own message is empty.
    return error.errors
      .filter(isError)
      .map(({ message }) => textOf(message))
      .join('; ');
  }
  if (isError(error)) return textOf(error.message);
  return typeof error === 'string' ? error : `a thrown ${typeof error}`;
}

/** Returns the redacted name of an error; `Error` if it has none. */
export function nameOf(error: unknown): string {
  return (isError(error) && redact(textOf(error.name))) || 'Error';
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = isError(error) && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? redact(code) : undefined;
}

/** Returns the frames of a stack, redacted: a line of a multi-line message can look like a frame. */
export function framesOf(error: unknown): string[] {
  const lines = textOf(isError(error) && error.stack).split('\n');
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => `    ${redact(line)}`);
}

/** Returns an empty string for a value of another type: libraries do not always put strings into these fields. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
