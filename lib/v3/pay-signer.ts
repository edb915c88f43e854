import type { WxPaySigner } from '../crypto/signer.js';
import type { CallOptions } from '../domain/options.js';
import {
  signedPackage,
  WRITE_PAY,
  type PayKind,
  type PayParameters,
  type PaySource,
  type UnsignedPay,
} from '../domain/placing/pay-parameters.js';
import type { PaySigning } from '../domain/ports/prepay-api.js';
import { runLocally } from '../transport/run-locally.js';
import { BoundedSigner, type SigningLimit } from './bounded-signer.js';

export interface V3PaySignerOptions {
  readonly merchant: string;
  readonly mchid: string;
  readonly signer: WxPaySigner;
  /** Limits the number of signatures that this process computes concurrently. */
  readonly signing: SigningLimit;
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Returns a fresh, unpredictable string of at most 32 characters. */
  readonly nonce: () => string;
}

/**
 * Signs pay parameters with the merchant's signer.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791857 pages within WeChat
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365341 mini programs
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365340 apps
 */
export class V3PaySigner implements PaySigning {
  readonly #options: V3PaySignerOptions;
  readonly #signer: BoundedSigner;

  constructor(options: V3PaySignerOptions) {
    this.#options = options;
    this.#signer = new BoundedSigner(options.signer, options.signing);
  }

  signPay<Kind extends PayKind>(
    kind: Kind,
    source: PaySource,
    { subject, signal, timeoutMs = this.#options.timeoutMs }: CallOptions & { readonly subject: string },
  ): Promise<PayParameters[Kind]> {
    const { merchant, mchid, now, nonce } = this.#options;
    const call = { operation: 'prepay.sign', subject, merchant };
    return runLocally(call, { timeoutMs, signal }, (steps) =>
      this.#signer.withPermit(steps, async () => {
        const pay: UnsignedPay = {
          ...source,
          partnerId: source.partnerId ?? mchid,
          timestamp: String(Math.floor(now() / 1000)),
          nonce: nonce(),
          signType: 'RSA',
        };
        const lastLine = signedPackage(kind, pay.prepayId);
        const message = `${pay.appid}\n${pay.timestamp}\n${pay.nonce}\n${lastLine}\n`;
        return WRITE_PAY[kind](pay, await this.#signer.sign(message, steps));
      }),
    );
  }
}
