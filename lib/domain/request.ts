/** A request to an endpoint of APIv3 that this package has no service for. */
export interface WxPayV3Request {
  /** Such as `POST`. */
  readonly method: string;
  /** From `/v3/` on, without query; values in it percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** A request to an endpoint of APIv2 that this package has no service for. */
export interface WxPayV2Request {
  /** Such as `/pay/unifiedorder`. */
  readonly path: string;
  /**
   * Without the common fields: `appid`, `mch_id`, `nonce_str`, `sign_type` and `sign` are filled in. `appid` is left out beside
   * `mch_appid` or `wxappid`, and `mch_id` beside `mchid`: some endpoints call them so.
   */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * Takes a reply without a signature, on TLS alone: transfers, red packs and `/risk/getpublickey` never sign theirs. A host that
   * passes for WeChat Pay's, a proxy that opens TLS for example, can then say anything. Default false.
   */
  readonly unsignedReply?: boolean | undefined;
}

export type WxPayRequest = WxPayV3Request | WxPayV2Request;
