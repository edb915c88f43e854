import { redact } from './redact.js';

/**
 * Reduces a foreign error to what may stand in a log: name, code, redacted message and stack frames.
 *
 * HTTP clients hang the whole request, `Authorization` included, on their errors; none of that is kept.
 */
export function safeCause(cause: unknown): Error {
  const root = rootOf(cause);
  const code = codeOf(root) ?? codeOf(cause);
  const safe: Error & { code?: string } = new Error(redact(messageOf(root)) || code || 'unknown cause');
  safe.name = root instanceof Error ? redact(root.name) : 'Error';
  if (code !== undefined) safe.code = code;
  safe.stack = [`${safe.name}: ${safe.message}`, ...framesOf(root)].join('\n');
  return safe;
}

/** The innermost error says what really happened: a socket error rather than the HTTP client's wrapping of it. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; depth < 5; depth++) {
    if (!(root instanceof Error) || !(root.cause instanceof Error)) break;
    root = root.cause;
  }
  return root;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ');
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : `a thrown ${typeof error}`;
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? redact(code) : undefined;
}

function framesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line));
}
