import { redact } from './redact.js';

/**
 * Returns the `Request-ID` if it looks like one, because the app's clients and its logs see it. WeChat Pay's consists of hexadecimal
 * digits, a hyphen and the reason code.
 */
export function requestIdOf(received: string | undefined): string | undefined {
  const id = received && /^([\w.:-]{1,63}?)(?:-\d{1,20})?$/.exec(received)?.[1];
  return id && redact(id) === id ? received : undefined;
}
