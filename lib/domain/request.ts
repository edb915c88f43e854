/** Request to an endpoint of APIv3 that this package has no service for. */
export interface WxPayV3Request {
  /** HTTP method, such as `POST`. */
  readonly method: string;
  /** Path that starts with `/v3/`, without the query; percent-encode the values in it. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Body, which is sent as JSON. */
  readonly body?: unknown;
  /**
   * Headers beside those that the package sets, such as `Accept-Language`. Of its own headers only `Wechatpay-Serial` may be
   * given, with the `serialNo` of {@link EncryptedText}: the verifier must have this key, because WeChat Pay signs the reply
   * with it.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Sensitive field that is encrypted for WeChat Pay. */
export interface EncryptedText {
  /** Base64, to be sent in place of the text. */
  readonly ciphertext: string;
  /** Identifier of the key: the header `Wechatpay-Serial` of the request. */
  readonly serialNo: string;
}

/** Request to an endpoint of APIv2 that this package has no service for. */
export interface WxPayV2Request {
  /** Path, such as `/pay/unifiedorder`. */
  readonly path: string;
  /**
   * Fields of the request without the common ones: the package adds `appid`, `mch_id`, `nonce_str`, `sign_type` and `sign`.
   * An `appid` among them takes the place of the merchant's. `appid` is not added if `mch_appid` or `wxappid` is set, nor `mch_id`
   * if `mchid` is set: some endpoints use those names.
   */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Accepts a reply without a signature, so that TLS alone protects it; default false. Transfers, red packs and
   * `/risk/getpublickey` never sign their replies. A host that poses as WeChat Pay, such as a proxy that intercepts TLS, can
   * then forge the reply.
   */
  readonly unsignedReply?: boolean | undefined;
}

export type WxPayRequest = WxPayV3Request | WxPayV2Request;
