import type { CallContext } from '../../errors/call-context.js';
import { safeCause } from '../../errors/safe-cause.js';
import type { WxPayError } from '../../errors/wxpay-error.js';
import { WxPayProtocolError } from '../../errors/wxpay-protocol-error.js';
import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import { CHECK_NETWORK } from '../failures.js';
import { addressOf } from '../origin.js';
import type { SpoolError, SpoolFault } from './spool.js';

/** Creates the error of a call whose file did not arrive. */
export function downloadFailed(
  { operation, subject, merchant }: CallContext,
  host: string,
  { fault, cause }: SpoolError,
): WxPayError {
  const file = `The file of ${operation} of ${subject}`;
  const address = addressOf(host);
  const terms = { merchant, hosts: [address], attempts: 1 };
  const safe = safeCause(cause);
  const failures: Readonly<Record<SpoolFault, () => WxPayError>> = {
    broken: () =>
      new WxPayTransportError(
        `${file} did not arrive in full: the connection to ${address} broke (${safe.message}). ${CHECK_NETWORK}`,
        { ...terms, cause: safe },
      ),
    'too-large': () =>
      new WxPayTransportError(
        `${file} is larger than allowed, so it was dropped. Check which server replies at ${address}; maxBytes sets the limit.`,
        { ...terms, retryable: false },
      ),
    'not-gzip': () =>
      new WxPayProtocolError('$', `${file} is damaged: it cannot be decompressed. Download it again.`, {
        merchant,
      }),
    'wrong-hash': () =>
      new WxPayProtocolError(
        '$',
        `${file} does not have the SHA-1 that WeChat Pay promised, so nothing of it was used. Ask for a new download URL; if it persists, check that no proxy changes replies.`,
        { merchant },
      ),
    disk: () =>
      new WxPayTransportError(
        `${file} could not be written to the temporary folder (${safe.message}). Check its space and its permissions.`,
        { merchant, cause: safe, retryable: false },
      ),
  };
  return failures[fault]();
}
