import type { WxPaySigner } from '../crypto/signer.js';
import type { WxPayVerifier } from '../crypto/verifier.js';
import type { WxPayHttpService } from '../transport/http/axios-http-client.js';
import type { ClientCertificate } from '../transport/http/client-certificate.js';
import type { WxPayV2Signer } from '../v2/signing/signer.js';

/** What every merchant needs, whichever API it uses. */
export interface WxPayCommonOptions {
  /** The merchant number, digits only. */
  readonly mchid: string;
  /**
   * Lets `merchants.register` and `replace` take a `mchid` that another registration holds with other credentials; default
   * false. Set it where both are of one merchant, over APIv3 and APIv2 for example, and never take it from a tenant: with a
   * number of another and keys of its own, a tenant could speak for that merchant.
   */
  readonly sharedMchid?: boolean | undefined;
  /**
   * Origins of WeChat Pay by preference; default `https://api.mch.weixin.qq.com`, then
   * `https://api2.mch.weixin.qq.com`. Plain http is accepted for loopback addresses only. Never take them from a tenant
   * or a request.
   */
  readonly hosts?: readonly string[] | undefined;
  /** Bounds each call as a whole, signing and every attempt included, in milliseconds; default 10 000. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long a host may take to answer before another one is asked, in milliseconds; default 3 000, or half of
   * `timeoutMs` if that is less. The last attempt of a call may use all the time that is left.
   */
  readonly attemptTimeoutMs?: number | undefined;
  /** How often one call asks WeChat Pay at most; default 4. With 1, nothing is repeated. */
  readonly maxAttempts?: number | undefined;
  /**
   * How many attempts of this merchant run at a time, and how many connections each host gets; default 64. More wait for
   * their turn, unsigned, and the wait counts in `timeoutMs`.
   */
  readonly maxInFlight?: number | undefined;
  /** After how long a preferred host that failed is tried again, in milliseconds; default 180 000. */
  readonly hostRecoveryMs?: number | undefined;
  /**
   * How old an order must be before it is closed, in milliseconds; default 300 000, as WeChat Pay asks. It applies where
   * `createdAt` is given; 0 for none.
   */
  readonly minOrderAgeMs?: number | undefined;
  /** The largest reply accepted, after decompression, in bytes; default 1 048 576. A notification has 256 KiB at most, over APIv2 64 KiB. */
  readonly maxReplyBytes?: number | undefined;
  /**
   * The `HttpService` of `@nestjs/axios`, where a proxy, interceptors or agents of your own are needed. Its interceptors see
   * the `Authorization` header of each request, and must return responses as they are. Its defaults go into each request:
   * one with `auth` or `params` breaks the signature. Default: `node:https`, with keep-alive agents of its own for each
   * merchant, and no proxy.
   */
  readonly httpService?: WxPayHttpService | undefined;
  /** Put before the library's own `User-Agent`, for example `shop/4.2`. */
  readonly userAgent?: string | undefined;
}

/** A merchant that uses APIv2. */
export interface WxPayV2Options extends WxPayCommonOptions {
  readonly api: 'v2';
  /** The appid that the orders are placed with. */
  readonly appid: string;
  readonly signer: WxPayV2Signer;
  /** The merchant API certificate with its key; only reversing needs it. */
  readonly clientCertificate?: ClientCertificate | undefined;
}

/** A merchant that uses APIv3. */
export interface WxPayV3Options extends WxPayCommonOptions {
  readonly api?: 'v3' | undefined;
  readonly signer: WxPaySigner;
  readonly verifier: WxPayVerifier;
  /** The APIv3 key (APIv3密钥), 32 bytes: notifications come encrypted with it. */
  readonly apiV3Key?: string | undefined;
  /**
   * How many signatures are computed in this app at a time, those of all merchants counted; default 4. It applies to
   * signers that are local, such as RsaSigner. One that takes longer than 100 ms is bounded by itself. Signatures share
   * Node's thread pool, of 4 threads unless UV_THREADPOOL_SIZE says otherwise, with the files and the DNS of the app.
   */
  readonly signingConcurrency?: number | undefined;
  /**
   * Lets `OrderReverseService` reverse 付款码 orders over APIv3; `appid` is the one they are placed with. WeChat Pay's
   * documents disagree on whether an ordinary merchant may do so: without it, reverse over APIv2.
   */
  readonly codePayReverse?: { readonly appid: string };
}

/** Options of one merchant. */
export type WxPayOptions = WxPayV2Options | WxPayV3Options;
