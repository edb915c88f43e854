import { removeSecrets } from './redact.js';
import type { WxPayError } from './wxpay-error.js';
import { WxPayApiError } from './wxpay-api-error.js';
import { WxPayProtocolError } from './wxpay-protocol-error.js';

export interface UnknownOutcome {
  /** True if the same request may be sent again without querying its outcome first. */
  readonly isIdempotent: boolean;
  /** Last sentence of the message. */
  readonly advice: string;
}

/**
 * Copies the error of a request that may have been carried out, sets `outcomeUnknown` and adds the advice.
 *
 * It copies, because an app's verifier may throw the same error object for many calls.
 */
export function withUnknownOutcome<E extends WxPayError>(
  error: E,
  { isIdempotent, advice }: UnknownOutcome,
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
    // A refusal describes only the last attempt. Sending the same request again shows the outcome of the earlier attempt.
    retryable: field(isIdempotent && (error.retryable || error instanceof WxPayApiError)),
    outcomeUnknown: field(true),
  });
  // `raw` is a private field, to keep it out of logs, so it is not among the descriptors.
  if (error instanceof WxPayProtocolError) Object.defineProperty(copy, 'raw', { get: () => error.raw });
  // Sound: the copy has the prototype and all fields of the error.
  return copy as E;
}
