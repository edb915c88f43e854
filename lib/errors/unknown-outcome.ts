import { removeSecrets } from './redact.js';
import type { WxPayError } from './wxpay-error.js';
import { WxPayProtocolError } from './wxpay-protocol-error.js';

export interface UnknownOutcome {
  /** Whether the same request may be sent again without asking for its outcome first. */
  readonly isRepeatable: boolean;
  /** The sentence that the message ends with. */
  readonly advice: string;
}

/**
 * Copies the failure of a request that may have been carried out, and says so in the copy.
 *
 * A copy, because a verifier of the app may throw one error for many calls.
 */
export function withUnknownOutcome<E extends WxPayError>(
  error: E,
  { isRepeatable, advice }: UnknownOutcome,
): E {
  const message = removeSecrets(`${error.message} ${advice}`);
  const stack = error.stack?.replace(error.message, () => message);
  const copy: Error = new Error(message);
  Object.setPrototypeOf(copy, Object.getPrototypeOf(error) as object);
  const { stack: _, message: __, ...fields } = Object.getOwnPropertyDescriptors(error);
  const field = (value: unknown): PropertyDescriptor => ({
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  Object.defineProperties(copy, {
    ...fields,
    stack: { ...field(stack), enumerable: false },
    retryable: field(error.retryable && isRepeatable),
    outcomeUnknown: field(true),
  });
  // The one field that is private, so that no log shows it.
  if (error instanceof WxPayProtocolError) Object.defineProperty(copy, 'raw', { get: () => error.raw });
  // Sound: it has the prototype of the error and all of its fields.
  return copy as E;
}
