import type { CallContext } from '../errors/call-context.js';
import { redact } from '../errors/redact.js';
import { safeCause } from '../errors/safe-cause.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { SENDING, type Deadline } from './deadline.js';
import type { Reply } from './http/reply.js';
import type { SendError } from './http/send-error.js';
import { addressesOf, addressOf } from './origin.js';

/** Advice for a connection that broke, or that brought no reply in time. */
export const CHECK_NETWORK = 'If that happens often, check the network on the way.';

const PASS_AGENT =
  'HTTPS_PROXY is not used: behind a proxy, pass an httpsAgent that goes through it (docs/timeouts-and-failover.md).';
const CHECK_PROXY = 'If the httpService uses a proxy, check that it can be reached.';

/** The progress of a call when its time ran out. */
export interface CallProgress {
  /** The host of each attempt, in order. */
  readonly tried: readonly string[];
  /** True if a host may have received a request. */
  readonly sent: boolean;
  readonly deadline: Deadline;
}

/**
 * The advice for a host to which no connection could be made.
 *
 * @param sentBefore whether an earlier attempt of the call may have reached a host
 * @param proxyAdvice advice for an app behind a proxy
 */
function noConnection(sentBefore: boolean, proxyAdvice = PASS_AGENT): string {
  const fact = sentBefore
    ? 'No connection could be made'
    : 'Nothing was sent, as no connection could be made';
  return `${fact}: check DNS, TLS, firewall and egress rules for this host. ${proxyAdvice}`;
}

/** The time of a call ran out. */
export function callTimedOut(
  { operation, subject, merchant }: CallContext,
  { tried, sent, deadline }: CallProgress,
): WxPayTransportError {
  const hosts = addressesOf(tried);
  const slowest = deadline.slowestStep ?? 'waiting';
  const isUnconnected = slowest === SENDING && !sent;
  const facts = [
    ...(hosts.length > 0 ? [hosts.join(', ')] : []),
    ...(tried.length > 1 ? [`${tried.length} attempts`] : []),
    `most of the time went into ${isUnconnected ? 'connecting' : slowest}`,
  ];
  return new WxPayTransportError(
    `WeChat Pay did not reply to ${operation} of ${subject} within ${whole(deadline.timeoutMs)} ms (${facts.join('; ')}). ` +
      (isUnconnected ? noConnection(false) : whatNext(tried, sent)),
    { merchant, hosts, attempts: tried.length, timedOut: true },
  );
}

function whatNext(tried: readonly string[], sent: boolean): string {
  if (sent) return 'If that happens often, give the call more time.';
  if (tried.length > 0) return 'Nothing was sent: repeat the call, or give it more time.';
  return 'Nothing was sent: make fewer calls at a time, or give them more time.';
}

/** One host did not reply within the attempt timeout; the call itself still has time. */
export function attemptTimedOut(
  { operation, subject, merchant }: CallContext,
  host: string,
  timeoutMs: number,
): WxPayTransportError {
  const address = addressOf(host);
  return new WxPayTransportError(
    `${address} did not reply to ${operation} of ${subject} within ${whole(timeoutMs)} ms. ${CHECK_NETWORK}`,
    { merchant, hosts: [address], attempts: 1, timedOut: true },
  );
}

/** No connection to one host was made within the attempt timeout; the call itself still has time. */
export function noConnectionMade(
  { operation, subject, merchant }: CallContext,
  host: string,
  { timeoutMs, sentBefore }: { readonly timeoutMs: number; readonly sentBefore: boolean },
): WxPayTransportError {
  const address = addressOf(host);
  return new WxPayTransportError(
    `No connection to ${address} for ${operation} of ${subject} was made within ${whole(timeoutMs)} ms. ${noConnection(sentBefore)}`,
    { merchant, hosts: [address], attempts: 1, timedOut: true },
  );
}

/** Rounds a time up for messages: a fraction of a millisecond tells the reader nothing. */
function whole(ms: number): number {
  return Math.ceil(ms);
}

/** The circumstances in which an exchange brought no reply. */
export interface NoReply {
  readonly error: SendError;
  readonly maxReplyBytes: number;
  /** True if the host may have received the request. */
  readonly sent: boolean;
  /** True if an earlier attempt of the call may have reached a host. */
  readonly sentBefore: boolean;
}

/** The failure of an attempt that brought no reply. */
export function noReply(
  call: CallContext,
  host: string,
  { error, maxReplyBytes, sent, sentBefore }: NoReply,
): WxPayTransportError {
  const { fault, cause } = error;
  if (fault === 'not-a-response') return replyReplacedByInterceptor(call, host);
  if (fault === 'too-large') return replyTooLarge(call, host, maxReplyBytes);
  if (sent) {
    return fault === 'unreachable'
      ? hostUnreachable(call, host, cause, 'Check network, DNS, TLS and egress rules.')
      : connectionBroken(call, host, cause);
  }
  const proxyAdvice = fault === 'unconnected' ? CHECK_PROXY : PASS_AGENT;
  return hostUnreachable(call, host, cause, noConnection(sentBefore, proxyAdvice));
}

function replyTooLarge(call: CallContext, host: string, maxReplyBytes: number): WxPayTransportError {
  const address = addressOf(host);
  return new WxPayTransportError(
    `The reply of ${address} to ${nameOf(call)} is larger than ${maxReplyBytes} bytes, so it was dropped. ` +
      'Check which server replies at this host; the option maxReplyBytes sets the limit.',
    { merchant: call.merchant, hosts: [address], attempts: 1 },
  );
}

function connectionBroken(call: CallContext, host: string, cause: Error): WxPayTransportError {
  const address = addressOf(host);
  return new WxPayTransportError(
    `The connection to ${address} broke before the reply to ${nameOf(call)} was complete (${cause.message}). ${CHECK_NETWORK}`,
    { merchant: call.merchant, cause, hosts: [address], attempts: 1 },
  );
}

function hostUnreachable(call: CallContext, host: string, cause: Error, advice: string): WxPayTransportError {
  const address = addressOf(host);
  return new WxPayTransportError(
    `WeChat Pay could not be reached at ${address} for ${nameOf(call)} (${cause.message}). ${advice}`,
    { merchant: call.merchant, cause, hosts: [address], attempts: 1 },
  );
}

function replyReplacedByInterceptor(call: CallContext, host: string): WxPayTransportError {
  return new WxPayTransportError(
    `The httpService returned no response of axios for ${nameOf(call)}, so the reply cannot be verified. ` +
      'Have the interceptors of this httpService return responses as they are.',
    { merchant: call.merchant, hosts: addressesOf([host]), attempts: 1 },
  );
}

function nameOf({ operation, subject }: CallContext): string {
  return `${operation} of ${subject}`;
}

/**
 * The reply does not come from WeChat Pay: most likely it is the page of a proxy or a gateway on the way.
 *
 * @param problem the reason, if the beginning of the page may contain personal data and must not be quoted
 */
export function notAWeChatPayReply(
  { operation, subject, merchant }: CallContext,
  host: string,
  { status, headers, body }: Reply,
  problem?: string,
): WxPayTransportError {
  const address = addressOf(host);
  const type = redact(headers.get('content-type') ?? 'no content type');
  const start = redact(body.subarray(0, 1_000).toString('utf8')).slice(0, 80);
  // A success may be a requested file, such as a bill, with personal data in its lines.
  const quote = start === '' || status < 300 ? '' : ` that starts with "${start}"`;
  return new WxPayTransportError(
    `${address} replied to ${operation} of ${subject} with HTTP ${status} and a page that is not WeChat Pay's (${type}, ${body.length} bytes)${problem === undefined ? quote : `: ${problem}`}. ${hintFor(status)}`,
    { merchant, hosts: [address], attempts: 1, httpStatus: status },
  );
}

function hintFor(status: number): string {
  if (status >= 300 && status < 400) return 'Redirects are not followed: correct the host or the proxy.';
  // WeChat Pay's own replies with these statuses have an empty body.
  if (status === 404) {
    return 'No such path exists there: check the path of the request, then that the host is one of WeChat Pay.';
  }
  if (status === 405) return 'The path exists, but not for this method: check the method of the request.';
  return 'Something between here and WeChat Pay may have replied: check the host and the proxy.';
}

/**
 * The failure of a call whose signer or verifier failed.
 *
 * A verifier may send requests of its own, such as a certificate download. If WeChat Pay refuses one of them, that error becomes
 * the cause: thrown as it is, it would look like a refusal of the call itself.
 */
export function keyServiceFailed(
  { operation, subject, merchant }: CallContext,
  service: 'signer' | 'verifier',
  error: unknown,
): WxPayError {
  const failed = `The ${service} failed during ${operation} of ${subject}`;
  if (error instanceof WxPayError) {
    if (THROWN_UNCHANGED.some((type) => error instanceof type)) return error;
    const { message, retryable } = error;
    return new WxPayTransportError(`${failed}: ${message}`, { merchant, cause: error, retryable });
  }
  const cause = safeCause(error);
  return new WxPayTransportError(`${failed} (${cause.message}). Check the key service that it uses.`, {
    merchant,
    cause,
  });
}

/** Errors of a signer or verifier that describe the call equally well, and are thrown unchanged. */
const THROWN_UNCHANGED = [WxPaySignatureError, WxPayConfigError, WxPayTransportError];
