import { randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { replyMessage } from '../../v3/canonical-message.js';
import type { Answer, Reply, ReplyHeaders } from '../http/exchange.js';
import type { PlatformKey } from '../keys/platform-certificate.js';
import type { PlatformKeys } from '../keys/platform-keys.js';

const signInPool = promisify(sign);

/** Turns answers into replies: with a `Request-ID`, and signed by the platform where they should be. */
export class Sealer {
  readonly #platform: PlatformKeys;
  readonly #now: () => number;
  readonly #signErrors: boolean;

  constructor({
    platform,
    now,
    signErrors,
  }: {
    readonly platform: PlatformKeys;
    readonly now: () => number;
    readonly signErrors: boolean;
  }) {
    this.#platform = platform;
    this.#now = now;
    this.#signErrors = signErrors;
  }

  /** @param named the `Wechatpay-Serial` of the request */
  async seal(answer: Answer, named: string | undefined): Promise<Reply> {
    const { status, body, reason = 0, signed = status < 300 || this.#signErrors } = answer;
    const requestId = { 'Request-ID': `${hexadecimal().toUpperCase()}-${reason}` };
    const signature = signed
      ? await this.#sign(answer, this.#platform.signerFor(named, answer.signedAsNamed))
      : {};
    return { status, headers: { ...requestId, ...signature, ...answer.headers }, body };
  }

  async #sign({ body, secondsOff = 0 }: Answer, { id, privateKey }: PlatformKey): Promise<ReplyHeaders> {
    const timestamp = String(Math.floor(this.#now() / 1000) + secondsOff);
    const nonce = hexadecimal();
    const message = replyMessage(timestamp, nonce, body);
    const signature = await signInPool('sha256', message, privateKey);
    return {
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Serial': id,
      'Wechatpay-Signature': signature.toString('base64'),
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
    };
  }
}

/** 32 characters. Node draws many of them at once, for a fraction of what `randomBytes` costs. */
function hexadecimal(): string {
  return randomUUID().replaceAll('-', '');
}
