import type { WxPayVerifier } from '../crypto/verifier.js';
import type { CallContext } from '../errors/call-context.js';
import {
  WxPaySignatureError,
  type WxPaySignatureErrorInit,
  type WxPaySignatureFault,
} from '../errors/wxpay-signature-error.js';
import { replyVerifiedChannel } from '../telemetry/channels.js';
import type { ReplyVerifiedEvent } from '../telemetry/events.js';
import type { ReplyHeaders } from '../transport/http/reply.js';
import type { KeyService, Steps } from '../transport/steps.js';
import { replyMessage } from './canonical-message.js';

/** Reply or notification of WeChat Pay, as received. */
export interface SignedMessage {
  /** Headers by lower-case name. */
  readonly headers: ReplyHeaders;
  readonly body: Uint8Array;
}

/** Wording of errors about one kind of message. */
export interface MessageWording {
  /** Returns the name of the message, for example `A notification to …`. */
  readonly nameOf: (call: CallContext) => string;
  /** Advice after a probe. */
  readonly afterProbe: string;
  /** Advice after a mismatch: what may have changed the message on its way. */
  readonly afterMismatch: string;
}

export interface MessageVerifierOptions {
  readonly verifier: Pick<WxPayVerifier, 'verify'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly wording: MessageWording;
  /** Allows a lookup of an unknown serial number; see `VerifyInput.maySeek`. */
  readonly maySeek?: () => boolean;
}

/** Maximum difference between the timestamp of a message and our clock, in either direction. */
export const CLOCK_TOLERANCE_MS = 300_000;
const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/';
export const SIGNATURE_HEADERS = [
  'Wechatpay-Timestamp',
  'Wechatpay-Nonce',
  'Wechatpay-Serial',
  'Wechatpay-Signature',
] as const;

/** Verifies that WeChat Pay sent a message, and sent it just now. */
export class MessageVerifier {
  /** Verifier as the service of a step. If it has no key for the message, the message is at fault, not the verifier. */
  readonly service: KeyService = {
    name: 'verifier',
    read: (verdict) => verdict,
    failureOf: (error, call) => (isUnknownSerial(error) ? this.#unknownKey(error, call) : undefined),
  };
  readonly #options: MessageVerifierOptions;

  constructor(options: MessageVerifierOptions) {
    this.#options = options;
  }

  /**
   * Verifies the signature of a message with any content type.
   *
   * @returns the time at which WeChat Pay signed it
   * @throws {WxPaySignatureError} if the signature is missing or could not be verified
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053249
   */
  async verify({ headers, body }: SignedMessage, steps: Pick<Steps, 'call' | 'ask'>): Promise<Date> {
    const { call } = steps;
    const { verifier, wording, maySeek } = this.#options;
    const timestamp = headers.get('wechatpay-timestamp');
    const nonce = headers.get('wechatpay-nonce');
    const serialNo = headers.get('wechatpay-serial');
    const signature = headers.get('wechatpay-signature');
    if (timestamp === undefined || nonce === undefined || serialNo === undefined || signature === undefined) {
      const missing = SIGNATURE_HEADERS.filter((name) => headers.get(name.toLowerCase()) === undefined);
      throw this.#refused('missing', call, `it lacks ${missing.join(', ')}. A proxy may strip these headers`);
    }
    // Two headers of one name arrive as one with a comma. Choosing between them would be a guess.
    if (`${timestamp}${nonce}${serialNo}${signature}`.includes(',')) {
      throw this.#refused('mismatch', call, 'a header of its signature came twice');
    }
    if (signature.startsWith(PROBE_PREFIX)) {
      throw this.#refused(
        'probe',
        call,
        `its signature is one of the deliberately wrong ones with which WeChat Pay tests its clients. ${wording.afterProbe}`,
      );
    }
    this.#checkFreshness(timestamp, call);
    // Node skips characters that are not base64: the checked signature must be exactly the received one.
    if (Buffer.from(signature, 'base64').toString('base64') !== signature) {
      throw this.#refused('mismatch', call, 'its signature is not base64');
    }
    const message = replyMessage(timestamp, nonce, body);
    const verified: unknown = await steps.ask(this.service, 'verifying', (control) =>
      verifier.verify({
        message,
        signature,
        serialNo,
        get signal() {
          return control.signal;
        },
        ...(maySeek && { maySeek }),
      }),
    );
    // Only `true` counts: an object or a string from a key service does not confirm the signature.
    if (verified !== true) {
      throw this.#refused(
        'mismatch',
        call,
        `its signature does not match its content. Check that the configured public key is the one with this identifier, and that ${wording.afterMismatch}`,
      );
    }
    if (replyVerifiedChannel.hasSubscribers) {
      const { merchant, operation } = call;
      const clockOffsetMs = this.#clockOffsetMs(timestamp);
      replyVerifiedChannel.publish({
        merchant,
        operation,
        serialNo,
        clockOffsetMs,
      } satisfies ReplyVerifiedEvent);
    }
    return new Date(Number(timestamp) * 1000);
  }

  #unknownKey(error: unknown, call: CallContext): WxPaySignatureError {
    const problem =
      'it is signed with a key that is not configured. Check the public key id; while WeChat Pay changes keys, configure both';
    return this.#refused('unknown-serial', call, problem, { cause: error });
  }

  #checkFreshness(timestamp: string, call: CallContext): void {
    if (!/^\d{1,12}$/.test(timestamp)) throw this.#refused('stale', call, 'its timestamp is not a number');
    const clockOffsetMs = this.#clockOffsetMs(timestamp);
    if (Math.abs(clockOffsetMs) <= CLOCK_TOLERANCE_MS) return;
    const problem = `it is dated ${Math.round(Math.abs(clockOffsetMs) / 1000)} seconds in the ${clockOffsetMs < 0 ? 'past' : 'future'}, more than the 300 allowed. Check the clock of this machine`;
    throw this.#refused('stale', call, problem, { clockOffsetMs });
  }

  /** @param timestamp seconds since the epoch */
  #clockOffsetMs(timestamp: string): number {
    return Number(timestamp) * 1000 - this.#options.now();
  }

  #refused(
    reason: WxPaySignatureFault,
    call: CallContext,
    problem: string,
    init: Pick<WxPaySignatureErrorInit, 'cause' | 'clockOffsetMs'> = {},
  ): WxPaySignatureError {
    const name = this.#options.wording.nameOf(call);
    const { merchant } = call;
    return new WxPaySignatureError(reason, `${name} could not be verified: ${problem}.`, {
      ...init,
      merchant,
    });
  }
}

function isUnknownSerial(error: unknown): boolean {
  return error instanceof WxPaySignatureError && error.reason === 'unknown-serial';
}
