import { safeCause } from '../../errors/safe-cause.js';

/**
 * The reason why an exchange brought no reply:
 *
 * - `unreachable` no connection was made, or the request failed for an unknown reason
 * - `unconnected` a request over the `httpService` of the app certainly made no connection, so that nothing was sent
 * - `broken` the connection broke, or the reply could not be read
 * - `stale-connection` the host closed an idle connection at the moment when it was used again
 * - `too-large` the reply was larger than accepted and was dropped
 * - `not-a-response` an interceptor of the app returned something else than the response
 */
export type SendFault =
  'unreachable' | 'unconnected' | 'broken' | 'stale-connection' | 'too-large' | 'not-a-response';

/** An exchange that brought no reply. */
export class SendError extends Error {
  readonly fault: SendFault;
  /** Safe to log. */
  override readonly cause: Error;

  constructor(fault: SendFault, cause: Error = new Error(fault)) {
    super(fault);
    this.fault = fault;
    this.cause = cause;
  }
}

/** The request of Node, by the members that tell how far an exchange came. */
export interface RequestProgress {
  readonly reusedSocket?: unknown;
  /** The response, once its headers were received. */
  readonly res?: unknown;
}

/** Classifies the error of a request by its code and by how far the request came. */
export function sendErrorOf(error: unknown, request: RequestProgress | undefined): SendError {
  const isReplyBegun = Boolean(request?.res);
  const cause: Error & { readonly code?: string } = safeCause(error);
  const { code = '' } = cause;
  const isReset = code === 'ECONNRESET' || code === 'EPIPE';
  if (isReset && request?.reusedSocket === true && !isReplyBegun) {
    return new SendError('stale-connection', cause);
  }
  const isBroken = isReplyBegun || /^(ECONNRESET|EPIPE|ECONNABORTED|ERR_BAD_RESPONSE)$|^HPE_/.test(code);
  return new SendError(isBroken ? 'broken' : 'unreachable', cause);
}
