import { hasKey } from '../crypto/has-key.js';
import { normalizeSerialNo } from '../crypto/serial-no.js';
import type { WxPaySigner } from '../crypto/signer.js';
import type { WxPayVerifier } from '../crypto/verifier.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import type { Attempt } from '../transport/retry/attempt.js';
import type { Reply } from '../transport/http/reply.js';
import type { KeyService, Steps } from '../transport/steps.js';
import { BoundedSigner, type SigningLimit } from './bounded-signer.js';
import { requestMessage } from './canonical-message.js';
import type { V3Request } from './operation.js';
import { CLOCK_TOLERANCE_MS, MessageVerifier, type MessageWording } from './message-verifier.js';

export interface V3AuthenticatorOptions {
  readonly mchid: string;
  readonly signer: WxPaySigner;
  readonly verifier: WxPayVerifier;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Returns a fresh, unpredictable string of at most 32 characters. */
  readonly nonce: () => string;
  /** Limits the number of signatures that this process computes concurrently. Default: no limit. */
  readonly signing?: SigningLimit;
}

const REPLY: MessageWording = {
  nameOf: ({ operation, subject }) => `The reply to ${operation} of ${subject}`,
  afterProbe: 'The next reply is signed as usual',
  afterMismatch: 'no proxy changes replies',
};

/** Key-service step that checks that the verifier has the key named by the caller. */
const NAMED_KEY: KeyService<void> = {
  name: 'verifier',
  read: expectKnown,
  failureOf: (error) => (error instanceof WxPayInputError ? error : undefined),
};

const CHOOSING_KEY = 'choosing the key';

/** Signs requests to WeChat Pay and verifies its replies. */
export class V3Authenticator {
  readonly #options: V3AuthenticatorOptions;
  readonly #signer: BoundedSigner;
  readonly #replies: MessageVerifier;
  readonly #acceptedKey: KeyService<string | undefined>;
  /** Serial number as the signer gives it, and as it is sent. */
  #serialNo = { given: '', sent: '' };
  #clockOffsetMs: number | undefined;

  constructor(options: V3AuthenticatorOptions) {
    const { signer, signing, verifier, now } = options;
    this.#options = options;
    this.#signer = new BoundedSigner(signer, signing);
    this.#replies = new MessageVerifier({ verifier, now, wording: REPLY });
    this.#acceptedKey = { ...this.#replies.service, read: headerOf };
  }

  /**
   * Signs a request. Each attempt gets a fresh nonce and timestamp, so that a retry is not a replay.
   *
   * @returns the headers that carry the signature
   */
  async authorize(request: V3Request, attempt: Attempt): Promise<Record<string, string>> {
    const accepted = await this.#keyOfReply(request, attempt);
    const Authorization = await this.#signer.withPermit(attempt, () => this.#sign(request, attempt));
    return accepted === undefined ? { Authorization } : { Authorization, 'Wechatpay-Serial': accepted };
  }

  /**
   * WeChat Pay's clock minus this machine's in milliseconds, by the last reply that was verified, or that shows that the clock
   * is off; undefined before the first.
   */
  get clockOffsetMs(): number | undefined {
    return this.#clockOffsetMs;
  }

  /** Returns the identifier of the key that WeChat Pay shall sign the reply with. */
  async #keyOfReply({ serialNo }: V3Request, attempt: Attempt): Promise<string | undefined> {
    const { verifier } = this.#options;
    if (serialNo === undefined) {
      return attempt.ask(this.#acceptedKey, CHOOSING_KEY, (control) =>
        verifier.acceptedSerialNo({
          get signal() {
            return control.signal;
          },
        }),
      );
    }
    await attempt.ask(NAMED_KEY, CHOOSING_KEY, ({ signal }) => hasKey(verifier, { serialNo, signal }));
    return serialNo;
  }

  async #sign({ method, path, body }: V3Request, attempt: Attempt): Promise<string> {
    const { mchid, signer, now, nonce } = this.#options;
    const timestamp = String(Math.floor(now() / 1000));
    const nonceStr = nonce();
    const message = requestMessage({ method, path, body, timestamp, nonce: nonceStr });
    const signature = await this.#signer.sign(message, attempt);
    const parameters = `mchid="${mchid}",nonce_str="${nonceStr}",timestamp="${timestamp}",serial_no="${this.#serialNoOf(signer)}",signature="${signature}"`;
    return `${signer.algorithm} ${parameters}`;
  }

  #serialNoOf({ serialNo: given }: WxPaySigner): string {
    if (given !== this.#serialNo.given) this.#serialNo = { given, sent: normalizeSerialNo(given) };
    return this.#serialNo.sent;
  }

  /**
   * Verifies the signature of a reply with any status or content type.
   *
   * @returns whether the reply is signed; false only for refusals, which WeChat Pay may leave unsigned
   * @throws {WxPaySignatureError} if a success is unsigned, or if a signature could not be verified
   */
  async verify(reply: Reply, steps: Pick<Steps, 'call' | 'ask'>): Promise<boolean> {
    const arrivedAt = this.#options.now();
    // Only TLS protects an unsigned refusal, so it is returned as unsigned.
    if (reply.status >= 300 && reply.headers.get('wechatpay-signature') === undefined) {
      this.#clockOffsetMs = refusedOffsetMs(reply, arrivedAt) ?? this.#clockOffsetMs;
      return false;
    }
    try {
      const signedAt = await this.#replies.verify(reply, steps);
      this.#clockOffsetMs = signedAt.getTime() - arrivedAt;
    } catch (error) {
      const offsetMs = error instanceof WxPaySignatureError ? error.clockOffsetMs : undefined;
      this.#clockOffsetMs = offsetMs ?? this.#clockOffsetMs;
      throw error;
    }
    return true;
  }
}

/**
 * Returns WeChat Pay's clock minus this machine's, if the difference explains a refused signature: WeChat Pay refuses old
 * timestamps before it signs anything. The date of an unsigned reply is not used for anything else.
 */
function refusedOffsetMs({ status, headers }: Reply, arrivedAt: number): number | undefined {
  if (status !== 401) return undefined;
  const offsetMs = Date.parse(headers.get('date') ?? '') - arrivedAt;
  return Math.abs(offsetMs) > CLOCK_TOLERANCE_MS ? offsetMs : undefined;
}

/** Checks that a serial number from the verifier can be sent as a header. */
function headerOf(serialNo: unknown): string | undefined {
  if (serialNo === undefined) return undefined;
  if (typeof serialNo === 'string' && /^[\x21-\x7e]{1,128}$/.test(serialNo)) return serialNo;
  throw new WxPayConfigError([
    'verifier.acceptedSerialNo() must resolve to a public key id, such as PUB_KEY_ID_…, to the serial number of a certificate, or to undefined: at most 128 characters of ASCII without spaces.',
  ]);
}

/** Refuses a key that the verifier does not have: the reply, which is signed with it, could not be verified. */
function expectKnown(isKnown: unknown): void {
  if (isKnown === true) return;
  throw new WxPayInputError(
    'headers',
    'names a key in Wechatpay-Serial that the verifier does not have: pass the serialNo that encrypt() returned, of the same merchant.',
  );
}
