import type { MockWxPayKeysInput } from './keys/keys.js';

/** How the mock gateway is started; every option has a default. */
export interface MockWxPayGatewayOptions {
  /** The merchant number it knows; default `1900000001`. */
  readonly mchid?: string | undefined;
  /** The appid of its orders; default `wx8888888888888888`. */
  readonly appid?: string | undefined;
  /** The address to listen on; default `127.0.0.1`. */
  readonly host?: string | undefined;
  /** Default 0: a free port. */
  readonly port?: number | undefined;
  /**
   * TLS: `true` for certificates made on the spot, that of the merchant too (needs `@peculiar/x509`), or your own in PEM;
   * `clientCa` issued the merchant's.
   */
  readonly https?:
    | boolean
    | { readonly cert: string; readonly key: string; readonly clientCa?: string | undefined }
    | undefined;
  /** Your own keys, so that they survive a restart; what is left out is generated. */
  readonly keys?: MockWxPayKeysInput | undefined;
  /**
   * Gives the platform a certificate (needs `@peculiar/x509`) beside its public key, or in place of it: `'only'`. A client
   * chooses by `Wechatpay-Serial`. Default `false`: a public key, as new merchants get it.
   */
  readonly platformCertificates?: boolean | 'only' | undefined;
  /** Signs the answers to clients that name no key; default: the certificate, if there is one. */
  readonly signWith?: 'public-key' | 'certificate' | undefined;
  /** The clock, in milliseconds; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** How long each answer waits, in milliseconds; default 0. */
  readonly delayMs?: (number | (() => number)) | undefined;
  /** Signs refusals as well. The real service was seen to leave them unsigned, hence the default `false`. */
  readonly signErrors?: boolean | undefined;
  /** How many requests `requests` keeps, the newest ones; default 1000. */
  readonly keepRequests?: number | undefined;
  /**
   * Refuses to close orders over APIv2 before they are 5 minutes old, and to reverse them before 15 seconds, as WeChat Pay
   * does; default `true`. An order can also be created old: `orders.create({ createdAt })`.
   */
  readonly ageRules?: boolean | undefined;
  /**
   * Takes orders whose `notify_url` has http, or a host of this machine or its network, which WeChat Pay could not reach;
   * default `false`.
   */
  readonly allowLocalNotifyUrl?: boolean | undefined;
}

/** The options with their defaults in place. */
export interface StartTerms extends MockWxPayGatewayOptions {
  readonly mchid: string;
  readonly appid: string;
  readonly host: string;
  readonly port: number;
  readonly now: () => number;
  readonly delayMs: () => number;
  readonly signErrors: boolean;
  readonly keepRequests: number;
  readonly ageRules: boolean;
  readonly allowLocalNotifyUrl: boolean;
}

/** What a gateway is started with, as far as it was not said. */
export function withDefaults(options: MockWxPayGatewayOptions): StartTerms {
  const { mchid = '1900000001', appid = 'wx8888888888888888', now = Date.now } = options;
  const { host = '127.0.0.1', port = 0, delayMs = 0, signErrors = false, keepRequests = 1000 } = options;
  const { ageRules = true, allowLocalNotifyUrl = false } = options;
  return {
    ...options,
    mchid,
    appid,
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
