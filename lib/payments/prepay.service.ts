import { expectWired } from '../domain/expect-wired.js';
import { placeForAddress, placeForClient, type Placing, type Prepay } from '../domain/flows/place.js';
import { checkCallOptions, type CallOptions, type SignPayOptions } from '../domain/options.js';
import { checkCloseOrderRef, orderSubject, type CloseOrderRef } from '../domain/order-ref.js';
import type {
  AppPay,
  JsapiPay,
  MiniProgramPay,
  PayKind,
  PayParameters,
} from '../domain/placing/pay-parameters.js';
import type { PlacedOrder } from '../domain/placing/placed-order.js';
import {
  checkPrepayRequest,
  payingAppid,
  type AppPrepayRequest,
  type CheckedPrepay,
  type H5PrepayRequest,
  type PayerPrepayRequest,
  type PrepayForm,
  type PrepayRequest,
} from '../domain/placing/prepay-request.js';
import { checkPaySource } from '../domain/placing/check-pay-source.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import type { PrepayApi } from '../domain/ports/prepay-api.js';

/**
 * Places orders (下单), and signs the parameters with which clients pay them.
 *
 * Placing an order again with the same content is safe and returns a fresh `prepay_id` or address, so a request whose reply is
 * lost is retried. After an error with `outcomeUnknown: true` and `retryable: true`, send exactly the same content again.
 * Different content under the same number is refused: use a new `outTradeNo` for it.
 *
 * Every method throws
 * - WxPayInputError before anything is sent, if a member of the request is missing or malformed
 * - WxPayConfigError before anything is sent, if neither the request nor the merchant has an `appid` or a `notifyUrl`
 * - WxPayApiError if WeChat Pay refuses; kind `order-state` if the order is paid or closed, or the number is used
 * - WxPaySignatureError if the reply could not be verified
 * - WxPayTransportError if no usable reply arrived in time: the order may be placed or not
 */
export class PrepayService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('PrepayService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Places an order that the customer pays on a page within WeChat.
   *
   * @param request `payer` is the only customer who can pay the order
   * @param options `timeoutMs` bounds the whole call, the signature included (default: the merchant's, 10 000)
   * @returns the order with the parameters for `WeixinJSBridge`
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791856
   */
  async jsapi(
    request: PayerPrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedOrder & Prepay<JsapiPay>> {
    return this.#placeForClient('jsapi', request, options);
  }

  /**
   * Places an order that the customer pays in a mini program.
   *
   * @param request `payer` is the only customer who can pay the order
   * @returns the order with the parameters for `wx.requestPayment`
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791856
   */
  async miniProgram(
    request: PayerPrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedOrder & Prepay<MiniProgramPay>> {
    return this.#placeForClient('miniProgram', request, options);
  }

  /**
   * Places an order that the customer pays in an app.
   *
   * @returns the order with the parameters for the SDK
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012525136
   */
  async app(request: AppPrepayRequest, options: CallOptions = {}): Promise<PlacedOrder & Prepay<AppPay>> {
    return this.#placeForClient('app', request, options);
  }

  /**
   * Places an order that the customer pays from a browser outside of WeChat.
   *
   * @returns the order with the address that the browser has to open, from a page of the domain that is registered with WeChat Pay.
   * It is valid for five minutes. Append `&redirect_url=`, percent-encoded, to have the customer sent back.
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791834
   */
  async h5(
    request: H5PrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedOrder & { readonly h5Url: string }> {
    const { address, ...placed } = await this.#placeForAddress('h5', request, options);
    return { ...placed, h5Url: address };
  }

  /**
   * Places an order that the customer pays after scanning a QR code.
   *
   * @returns the order with the content of the QR code, valid for two hours
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791877
   */
  async native(
    request: PrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedOrder & { readonly codeUrl: string }> {
    const { address, ...placed } = await this.#placeForAddress('native', request, options);
    return { ...placed, codeUrl: address };
  }

  /**
   * Signs the pay parameters anew for an order that was placed before, without a request to WeChat Pay. A `prepayId` is valid for
   * two hours.
   *
   * @throws {WxPayInputError} if an argument is malformed
   * @throws {WxPayConfigError} if neither the options nor the merchant has an `appid`
   * @throws {WxPayTransportError} if the signer failed or took too long
   */
  async sign<Kind extends PayKind>(
    kind: Kind,
    prepayId: string,
    options: SignPayOptions = {},
  ): Promise<PayParameters[Kind]> {
    checkCallOptions(options);
    const api = this.#merchant.prepay();
    const source = checkPaySource(kind, prepayId, options, api.terms);
    const { signal, timeoutMs } = options;
    const subject = 'an order that was placed before';
    return api.paySigner.signPay(kind, source, { signal, timeoutMs, subject });
  }

  async #placeForClient<Kind extends PayKind>(
    kind: Kind,
    request: PrepayRequest,
    options: CallOptions,
  ): Promise<PlacedOrder & Prepay<PayParameters[Kind]>> {
    const { api, order, placing } = this.#checked(kind, request, options);
    const client = { kind, appid: payingAppid(order), partnerId: order.partnerId };
    return placeForClient(api, { ...placing, client }, options);
  }

  async #placeForAddress(
    form: 'h5' | 'native',
    request: PrepayRequest,
    options: CallOptions,
  ): Promise<PlacedOrder & { readonly address: string }> {
    return placeForAddress(this.#checked(form, request, options).placing, options);
  }

  #checked(
    form: PrepayForm,
    request: PrepayRequest,
    options: CallOptions,
  ): { readonly api: PrepayApi; readonly order: CheckedPrepay; readonly placing: Placing<CloseOrderRef> } {
    checkCallOptions(options);
    const now = this.#merchant.now();
    const api = this.#merchant.prepay();
    const order = checkPrepayRequest(form, request, api.terms, now);
    const place = (callOptions: CallOptions): Promise<string> => api.place(order, callOptions);
    const { expiresAt } = order;
    const placing = { place, ref: checkCloseOrderRef(order), subject: orderSubject(order), expiresAt, now };
    return { api, order, placing };
  }
}
