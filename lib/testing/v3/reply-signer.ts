import { randomUUID, sign } from 'node:crypto';
import { promisify } from 'node:util';
import { replyMessage } from '../../v3/canonical-message.js';
import type { DraftReply, Reply, ReplyHeaders } from '../http/exchange.js';
import type { PlatformKey } from '../keys/platform-certificate.js';
import type { PlatformKeys } from '../keys/platform-keys.js';

const signInPool = promisify(sign);

/** Adds a `Request-ID` to replies, and signs them where required. */
export class ReplySigner {
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

  /**
   * Signs a reply.
   *
   * @param named the `Wechatpay-Serial` of the request
   */
  async sign(draft: DraftReply, named: string | undefined): Promise<Reply> {
    const { status, body, reason = 0, signed = status < 300 || this.#signErrors } = draft;
    const requestId = `${hexadecimal().toUpperCase()}-${reason}`;
    const signature = signed
      ? await this.#signatureHeaders(draft, this.#platform.signerFor(named, draft.signWithNamedKey))
      : {};
    const headers = {
      Date: new Date(this.#now()).toUTCString(),
      'Request-ID': requestId,
      ...signature,
      ...draft.headers,
    };
    return { status, headers, body };
  }

  async #signatureHeaders(
    { body, secondsOff = 0 }: DraftReply,
    { id, privateKey }: PlatformKey,
  ): Promise<ReplyHeaders> {
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

/** Returns 32 hexadecimal characters. Node generates UUIDs in batches, much faster than `randomBytes`. */
function hexadecimal(): string {
  return randomUUID().replaceAll('-', '');
}
