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
import { signatureOf } from './signing/signed-fields.js';
import type { WxPayV2Signer } from './signing/signer.js';
import type { V2Fields } from './xml.js';

export interface V2PaySignerOptions {
  readonly merchant: string;
  readonly mchid: string;
  readonly signer: WxPayV2Signer;
  readonly timeoutMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Returns a fresh, unpredictable string of at most 32 characters. */
  readonly nonce: () => string;
}

/**
 * Signs pay parameters with the algorithm of the merchant's requests: WeChat Pay refuses any other.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=7_7&index=6 pages within WeChat
 * @see https://pay.weixin.qq.com/wiki/doc/api/app/app.php?chapter=9_12&index=2 apps
 */
export class V2PaySigner implements PaySigning {
  readonly #options: V2PaySignerOptions;

  constructor(options: V2PaySignerOptions) {
    this.#options = options;
  }

  signPay<Kind extends PayKind>(
    kind: Kind,
    source: PaySource,
    { subject, signal, timeoutMs = this.#options.timeoutMs }: CallOptions & { readonly subject: string },
  ): Promise<PayParameters[Kind]> {
    const { merchant, mchid, signer, now, nonce } = this.#options;
    const pay: UnsignedPay = {
      ...source,
      partnerId: source.partnerId ?? mchid,
      timestamp: String(Math.floor(now() / 1000)),
      nonce: nonce(),
      signType: signer.signType,
    };
    const call = { operation: 'prepay.sign', subject, merchant };
    return runLocally(call, { timeoutMs, signal }, async (steps) =>
      WRITE_PAY[kind](pay, await signatureOf(signedFields(kind, pay), signer, 'signing', steps)),
    );
  }
}

/** Returns the signed fields: for an app all parameters, in lower case; else those of a page, its appid included. */
function signedFields(
  kind: PayKind,
  { appid, partnerId, prepayId, timestamp, nonce, signType }: UnsignedPay,
): V2Fields {
  return kind === 'app'
    ? { appid, partnerid: partnerId, prepayid: prepayId, package: 'Sign=WXPay', noncestr: nonce, timestamp }
    : {
        appId: appid,
        timeStamp: timestamp,
        nonceStr: nonce,
        package: signedPackage(kind, prepayId),
        signType,
      };
}
