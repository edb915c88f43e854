import { randomBytes, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { replyMessage } from '../../v3/messages.js';
import type { Answer, Reply, ReplyHeaders } from '../exchange.js';
import type { KeyRing } from '../keys.js';

const signInPool = promisify(sign);

/** Turns answers into replies: with a `Request-ID`, and signed by the platform where they should be. */
export class Sealer {
  readonly #keys: KeyRing;
  readonly #now: () => number;
  readonly #signErrors: boolean;

  constructor({
    keys,
    now,
    signErrors,
  }: {
    readonly keys: KeyRing;
    readonly now: () => number;
    readonly signErrors: boolean;
  }) {
    this.#keys = keys;
    this.#now = now;
    this.#signErrors = signErrors;
  }

  async seal(answer: Answer): Promise<Reply> {
    const { status, body, reason = 0, signed = status < 300 || this.#signErrors } = answer;
    const requestId = { 'Request-ID': `${randomBytes(20).toString('hex').toUpperCase()}-${reason}` };
    const signature = signed ? await this.#sign(answer) : {};
    return { status, headers: { ...requestId, ...signature, ...answer.headers }, body };
  }

  async #sign({ body, secondsOff = 0 }: Answer): Promise<ReplyHeaders> {
    const timestamp = String(Math.floor(this.#now() / 1000) + secondsOff);
    const nonce = randomBytes(16).toString('hex');
    const message = replyMessage(timestamp, nonce, body);
    const signature = await signInPool('sha256', message, this.#keys.platformPrivateKey);
    return {
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Serial': this.#keys.merchant.publicKeyId,
      'Wechatpay-Signature': signature.toString('base64'),
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    };
  }
}
