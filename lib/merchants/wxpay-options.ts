import type { Agent } from 'node:http';
import type { WxPaySigner } from '../crypto/signer.js';
import type { WxPayVerifier } from '../crypto/verifier.js';
import type { WxPayHttpService } from '../transport/http/axios-http-client.js';
import type { ClientCertificate } from '../transport/http/client-certificate.js';
import type { WxPayV2Signer } from '../v2/signing/signer.js';

/** Options of a merchant that do not depend on its API. */
export interface WxPayCommonOptions {
  /** Merchant number, digits only. */
  readonly mchid: string;
  /**
   * Lets `merchants.register` and `replace` accept a `mchid` that another registration holds with other credentials; default
   * false. Set it if both registrations are of one merchant, for example over APIv3 and APIv2. Never take it from a tenant: a
   * tenant could act for another merchant by passing that merchant's number with its own keys.
   */
  readonly sharedMchid?: boolean | undefined;
  /**
   * Address that WeChat Pay sends payment notifications to, for orders whose request names none: https, without a query, at
   * most 255 characters. Plain http is accepted for a loopback address while all `hosts` are loopback addresses, as in tests.
   */
  readonly notifyUrl?: string | undefined;
  /** The same for refund notifications, at most 256 characters. Neither address is the default of the other. */
  readonly refundNotifyUrl?: string | undefined;
  /**
   * Origins of WeChat Pay in order of preference; default `https://api.mch.weixin.qq.com`, then
   * `https://api2.mch.weixin.qq.com`. Plain http is accepted for loopback addresses only. Never take them from a tenant
   * or a request.
   */
  readonly hosts?: readonly string[] | undefined;
  /** Timeout of each call, including signing and all attempts, in milliseconds; default 10 000. */
  readonly timeoutMs?: number | undefined;
  /**
   * Timeout of one attempt in milliseconds, after which the call uses another host; default 3 000, or half of `timeoutMs` if
   * that is less. The last attempt of a call may use all of the remaining time.
   */
  readonly attemptTimeoutMs?: number | undefined;
  /** Maximum number of attempts of one call; default 4. With 1, no call is retried. */
  readonly maxAttempts?: number | undefined;
  /**
   * Maximum number of concurrent attempts of this merchant, and of connections to each host; default 64. Further attempts wait,
   * and are signed after the wait, which counts towards `timeoutMs`.
   */
  readonly maxInFlight?: number | undefined;
  /** Time after which a failed preferred host is used again, in milliseconds; default 180 000. */
  readonly hostRecoveryMs?: number | undefined;
  /**
   * Minimum age of an order to be closed, in milliseconds; default 300 000, as WeChat Pay requires; 0 for none. It applies only
   * to calls with `createdAt`.
   */
  readonly minOrderAgeMs?: number | undefined;
  /**
   * Maximum size of a reply after decompression, in bytes; default 1 048 576. Notifications are limited to 256 KiB, and to
   * 64 KiB over APIv2.
   */
  readonly maxReplyBytes?: number | undefined;
  /**
   * `HttpService` of `@nestjs/axios`, for a proxy, interceptors or your own agents. Its interceptors see the `Authorization`
   * header of each request, and must return responses unchanged. Its defaults apply to each request: `auth` or `params` in them
   * breaks the signature. Default: `node:https` with separate keep-alive agents for each merchant, and no proxy.
   */
  readonly httpService?: WxPayHttpService | undefined;
  /**
   * Agent for the https connections to WeChat Pay, for a proxy without axios: `new HttpsProxyAgent('http://proxy:3128')`. Give it
   * `keepAlive: true`, as many `maxSockets` as `maxInFlight`, and `timeout: 7_000`. The app closes it. Not for use with
   * `httpService`, which has agents of its own. Default: a separate keep-alive agent for each merchant.
   */
  readonly httpsAgent?: Pick<Agent, 'destroy' | 'maxSockets'> | undefined;
  /** Prefix of the library's `User-Agent`, for example `shop/4.2`. */
  readonly userAgent?: string | undefined;
}

/** Options of a merchant that uses APIv2. */
export interface WxPayV2Options extends WxPayCommonOptions {
  readonly api: 'v2';
  /** Appid that the orders are placed with; WeChat Pay requires it in every request. */
  readonly appid: string;
  readonly signer: WxPayV2Signer;
  /** Merchant API certificate with its key; reversals, payments by code and refunds need it. */
  readonly clientCertificate?: ClientCertificate | undefined;
}

/** Options of a merchant that uses APIv3. */
export interface WxPayV3Options extends WxPayCommonOptions {
  readonly api?: 'v3' | undefined;
  /** Appid that orders are placed with, unless their request names another. */
  readonly appid?: string | undefined;
  readonly signer: WxPaySigner;
  readonly verifier: WxPayVerifier;
  /** APIv3 key (APIv3密钥), 32 bytes, with which WeChat Pay encrypts notifications. */
  readonly apiV3Key?: string | undefined;
  /**
   * Maximum number of concurrent signatures in this app, for all merchants together; default 4. It is meant for local signers
   * such as RsaSigner. A signer that takes longer than 100 ms is not counted together with others, but has the same limit by
   * itself. Signatures share Node's thread pool (4 threads unless UV_THREADPOOL_SIZE is set) with file access and DNS lookups.
   */
  readonly signingConcurrency?: number | undefined;
  /** Appid with which 付款码 orders are placed and reversed, for a merchant without `appid`. */
  readonly codePayReverse?: { readonly appid: string } | undefined;
}

/** Options of one merchant. */
export type WxPayOptions = WxPayV2Options | WxPayV3Options;
