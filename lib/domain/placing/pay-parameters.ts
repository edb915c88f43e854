/** Way in which a client pays with a `prepay_id`. */
export type PayKind = 'jsapi' | 'miniProgram' | 'app';

/** Parameters for `wx.requestPayment(pay)` in a mini program. Its appid is signed, but is not among them. */
export interface MiniProgramPay {
  /** Unix time in seconds. */
  readonly timeStamp: string;
  readonly nonceStr: string;
  /** `prepay_id=…` */
  readonly package: string;
  readonly signType: PaySignType;
  readonly paySign: string;
}

/** Parameters for `WeixinJSBridge.invoke('getBrandWCPayRequest', pay)` on a page within WeChat. */
export interface JsapiPay extends MiniProgramPay {
  readonly appId: string;
}

/** Parameters for the SDKs of apps. In the Android SDK, the member `package` is `packageValue`. */
export interface AppPay {
  readonly appid: string;
  /** Number of the merchant; of a service provider, its own. */
  readonly partnerid: string;
  readonly prepayid: string;
  readonly package: 'Sign=WXPay';
  readonly noncestr: string;
  /** Unix time in seconds. */
  readonly timestamp: string;
  readonly sign: string;
}

/** Algorithm of the signature: `RSA` over APIv3, the `signType` of the merchant's signer over APIv2. */
export type PaySignType = 'RSA' | 'MD5' | 'HMAC-SHA256';

/** Pay parameters by kind. */
export interface PayParameters {
  readonly jsapi: JsapiPay;
  readonly miniProgram: MiniProgramPay;
  readonly app: AppPay;
}

/** Values that pay parameters are made of. */
export interface PaySource {
  /** Appid of the page, mini program or app in which the customer pays. */
  readonly appid: string;
  readonly prepayId: string;
  /** Value of `partnerid`; default: the merchant's number. */
  readonly partnerId?: string | undefined;
}

/** Values of pay parameters before they are signed. */
export interface UnsignedPay extends PaySource {
  readonly partnerId: string;
  /** Unix time in seconds. */
  readonly timestamp: string;
  readonly nonce: string;
  readonly signType: PaySignType;
}

/** Returns the number of the prepayment as it is signed. To add `prepay_id=` for an app, or to omit it elsewhere, is a common mistake. */
export function signedPackage(kind: PayKind, prepayId: string): string {
  return kind === 'app' ? prepayId : `prepay_id=${prepayId}`;
}

/** Writes pay parameters under the names that each kind of client expects. */
export const WRITE_PAY: {
  readonly [Kind in PayKind]: (pay: UnsignedPay, signature: string) => PayParameters[Kind];
} = {
  jsapi: (pay, signature) => ({ appId: pay.appid, ...miniProgram(pay, signature) }),
  miniProgram,
  app: ({ appid, partnerId, prepayId, nonce, timestamp }, sign) => ({
    appid,
    partnerid: partnerId,
    prepayid: prepayId,
    package: 'Sign=WXPay',
    noncestr: nonce,
    timestamp,
    sign,
  }),
};

function miniProgram({ prepayId, timestamp, nonce, signType }: UnsignedPay, paySign: string): MiniProgramPay {
  return {
    timeStamp: timestamp,
    nonceStr: nonce,
    package: signedPackage('miniProgram', prepayId),
    signType,
    paySign,
  };
}
