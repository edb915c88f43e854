import type { WxPaySigner } from '../crypto/signer.js';
import type { WxPayVerifier } from '../crypto/verifier.js';
import type { CallContext } from '../errors/call-context.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPaySignatureError, type WxPaySignatureFault } from '../errors/wxpay-signature-error.js';
import { replyVerified, type ReplyVerifiedEvent } from '../telemetry/channels.js';
import { portFailed } from '../transport/failures.js';
import type { Reply } from '../transport/reply.js';
import type { Attempt } from '../transport/attempt.js';
import { replyMessage, requestMessage } from './messages.js';
import type { V3Request } from './operation.js';

export interface V3AuthenticatorOptions {
  readonly mchid: string;
  readonly signer: WxPaySigner;
  readonly verifier: WxPayVerifier;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A fresh, unpredictable text of at most 32 characters. */
  readonly nonce: () => string;
}

const CLOCK_TOLERANCE_MS = 300_000;
const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';
const SIGNATURE_HEADERS = [
  'Wechatpay-Timestamp',
  'Wechatpay-Nonce',
  'Wechatpay-Serial',
  'Wechatpay-Signature',
] as const;

/** Proves to WeChat Pay who we are, and makes WeChat Pay prove who it is. */
export class V3Authenticator {
  readonly #options: V3AuthenticatorOptions;

  constructor(options: V3AuthenticatorOptions) {
    this.#options = options;
  }

  /**
   * Signs a request. Nonce and timestamp are fresh at each call, so that a repeated attempt is not a replay.
   *
   * @returns the headers that prove the request
   */
  async authorize(request: V3Request, { call, step }: Attempt): Promise<Record<string, string>> {
    const { mchid, signer, verifier, now, nonce } = this.#options;
    const accepted = await step('choosing the key', (signal) =>
      orFail('verifier', call, signal, () => verifier.acceptedSerialNo({ signal })),
    );
    const timestamp = String(Math.floor(now() / 1000));
    const nonceStr = nonce();
    const message = requestMessage({ ...request, timestamp, nonce: nonceStr });
    const signature = await step('signing', (signal) =>
      orFail('signer', call, signal, () => signer.sign({ message, signal })),
    );
    const parameters = `mchid="${mchid}",nonce_str="${nonceStr}",timestamp="${timestamp}",serial_no="${signer.serialNo}",signature="${signature}"`;
    return {
      Authorization: `${signer.algorithm} ${parameters}`,
      ...(accepted === undefined ? {} : { 'Wechatpay-Serial': accepted }),
    };
  }

  /**
   * Verifies the signature of a reply, whatever its status or content type.
   *
   * @returns whether the reply is signed; false is only ever returned for refusals, which WeChat Pay may leave unsigned
   * @throws {WxPaySignatureError} if a success is unsigned, or a signature does not prove its origin
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053249
   */
  async verify(reply: Reply, { call, step }: Attempt): Promise<boolean> {
    const [timestamp, nonce, serialNo, signature] = SIGNATURE_HEADERS.map((name) =>
      reply.headers.get(name.toLowerCase()),
    );
    // Nothing vouches for a refusal without a signature but TLS: the caller learns that it is only a hint.
    if (signature === undefined && reply.status >= 300) return false;
    if (timestamp === undefined || nonce === undefined || serialNo === undefined || signature === undefined) {
      const missing = SIGNATURE_HEADERS.filter((name) => !reply.headers.has(name.toLowerCase()));
      throw refused('missing', call, `it lacks ${missing.join(', ')}. A proxy may strip these headers`);
    }
    if (signature.startsWith(PROBE_PREFIX)) {
      throw refused(
        'probe',
        call,
        'its signature is one of the deliberately wrong ones with which WeChat Pay tests its clients. Repeat the call',
      );
    }
    this.#checkFreshness(timestamp, call);
    const message = replyMessage(timestamp, nonce, reply.body);
    const genuine: unknown = await step('verifying', (signal) =>
      orFail('verifier', call, signal, () =>
        this.#options.verifier.verify({ message, signature, serialNo, signal }),
      ),
    );
    // Only `true`: a key service that answers an object or a text has not said yes.
    if (genuine !== true)
      throw refused(
        'mismatch',
        call,
        'its signature does not match its content. Check that the configured public key is the one with this identifier, and that no proxy changes replies',
      );
    if (replyVerified.hasSubscribers) {
      const { merchant, operation } = call;
      replyVerified.publish({ merchant, operation, serialNo } satisfies ReplyVerifiedEvent);
    }
    return true;
  }

  #checkFreshness(timestamp: string, call: CallContext): void {
    const offsetMs = /^\d{1,12}$/.test(timestamp)
      ? Number(timestamp) * 1000 - this.#options.now()
      : Number.NaN;
    if (Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS) return;
    const problem = Number.isNaN(offsetMs)
      ? 'its timestamp is not a number'
      : `it is dated ${Math.round(Math.abs(offsetMs) / 1000)} seconds in the ${offsetMs < 0 ? 'past' : 'future'}, more than the 300 allowed. Check the clock of this machine`;
    throw refused('stale', call, problem);
  }
}

/** Asks a port that the app may have written, and gives its failures, thrown at once or later, the name of the call. */
async function orFail<T>(
  port: 'signer' | 'verifier',
  call: CallContext,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof WxPaySignatureError && error.reason === 'unknown-serial') {
      throw refused(
        'unknown-serial',
        call,
        'it is signed with a key that is not configured. Check the public key id; while WeChat Pay changes keys, configure both',
        error,
      );
    }
    throw error instanceof WxPayError ? error : portFailed(call, port, error);
  }
}

function refused(
  reason: WxPaySignatureFault,
  { operation, subject, merchant }: CallContext,
  problem: string,
  cause?: unknown,
): WxPaySignatureError {
  return new WxPaySignatureError(
    reason,
    `The answer to ${operation} of ${subject} was not believed: ${problem}.`,
    { merchant, cause },
  );
}
