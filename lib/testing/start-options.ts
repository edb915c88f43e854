import type { MockWxPayKeysInput } from './keys/keys.js';

/** Start options of the mock gateway; every option has a default. */
export interface MockWxPayGatewayOptions {
  /** Merchant number; default `1900000001`. */
  readonly mchid?: string | undefined;
  /** Appid of the orders; default `wx8888888888888888`. */
  readonly appid?: string | undefined;
  /**
   * True for the merchant number of a service provider (服务商): APIv2 requests that name no `sub_mch_id` are refused; default
   * `false`. Over APIv3 the path tells both kinds of merchant apart.
   */
  readonly serviceProvider?: boolean | undefined;
  /** Address to listen on; default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Port to listen on; default 0, a free port. */
  readonly port?: number | undefined;
  /**
   * TLS: `true` generates certificates, the merchant's included (needs `@peculiar/x509`); or your own in PEM, where
   * `clientCa` is the issuer of the merchant's certificate.
   */
  readonly https?:
    | boolean
    | { readonly cert: string; readonly key: string; readonly clientCa?: string | undefined }
    | undefined;
  /** Keys to use, so that they survive a restart; missing ones are generated. */
  readonly keys?: MockWxPayKeysInput | undefined;
  /**
   * Gives the platform a certificate (needs `@peculiar/x509`) beside its public key, or instead of it: `'only'`. A client
   * chooses with `Wechatpay-Serial`. Default `false`: a public key, as new merchants get it.
   */
  readonly platformCertificates?: boolean | 'only' | undefined;
  /** Key that signs replies to clients that name none; default: the certificate, if there is one. */
  readonly signWith?: 'public-key' | 'certificate' | undefined;
  /** Clock, in milliseconds; default `Date.now()`, which a test may replace at any time. */
  readonly now?: (() => number) | undefined;
  /** Delay of each reply, in milliseconds; default 0. */
  readonly delayMs?: (number | (() => number)) | undefined;
  /** Signs refusals as well. The real service was observed to leave them unsigned, hence the default `false`. */
  readonly signErrors?: boolean | undefined;
  /** Number of requests kept in `requests`, the newest ones; default 1000. */
  readonly keepRequests?: number | undefined;
  /**
   * Refuses to close APIv2 orders younger than 5 minutes, and to reverse orders younger than 15 seconds, as WeChat Pay does;
   * default `true`. `orders.create({ createdAt })` creates an older order.
   */
  readonly ageRules?: boolean | undefined;
  /** Accepts a `notify_url` with http or a local host, which WeChat Pay could not reach; default `false`. */
  readonly allowLocalNotifyUrl?: boolean | undefined;
}

/** Start options with their defaults. */
export interface StartTerms extends MockWxPayGatewayOptions {
  readonly mchid: string;
  readonly appid: string;
  readonly serviceProvider: boolean;
  readonly host: string;
  readonly port: number;
  readonly now: () => number;
  readonly delayMs: () => number;
  readonly signErrors: boolean;
  readonly keepRequests: number;
  readonly ageRules: boolean;
  readonly allowLocalNotifyUrl: boolean;
}

/** Fills in the defaults of the start options. */
export function withDefaults(options: MockWxPayGatewayOptions): StartTerms {
  const { mchid = '1900000001', appid = 'wx8888888888888888', now = () => Date.now() } = options;
  const { host = '127.0.0.1', port = 0, delayMs = 0, signErrors = false, keepRequests = 1000 } = options;
  const { ageRules = true, allowLocalNotifyUrl = false, serviceProvider = false } = options;
  return {
    ...options,
    mchid,
    appid,
    serviceProvider,
    now,
    host,
    port,
    delayMs: typeof delayMs === 'number' ? () => delayMs : delayMs,
    signErrors,
    keepRequests,
    ageRules,
    allowLocalNotifyUrl,
  };
}
