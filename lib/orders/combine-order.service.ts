import {
  checkCombineCloseRequest,
  checkCombineOutTradeNo,
  combineSubject,
  type CombineCloseRequest,
  type CombineOrder,
} from '../domain/combine-order.js';
import { closeCombineOrder } from '../domain/flows/close.js';
import { placeForAddress, placeForClient, type Placing, type Prepay } from '../domain/flows/place.js';
import { expectWired } from '../domain/expect-wired.js';
import { checkCallOptions, type CallOptions } from '../domain/options.js';
import {
  checkCombinePrepayRequest,
  payingCombineAppid,
  type CombinePrepayRequest,
  type H5CombinePrepayRequest,
  type PayerCombinePrepayRequest,
} from '../domain/placing/combine-prepay-request.js';
import type {
  AppPay,
  JsapiPay,
  MiniProgramPay,
  PayKind,
  PayParameters,
} from '../domain/placing/pay-parameters.js';
import type { PlacedOrder } from '../domain/placing/placed-order.js';
import type { PrepayForm } from '../domain/placing/prepay-request.js';
import type { CombineApi } from '../domain/ports/combine-api.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';

/** A placed combine order, whose `ref` is the request that closes it. */
export type PlacedCombineOrder = PlacedOrder<CombineCloseRequest>;

/**
 * Places, queries and closes combine orders (合单), which the services for single orders can neither query nor close.
 *
 * Placing a combine order works as placing a single one with `PrepayService`, and fails with the same errors.
 */
export class CombineOrderService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('CombineOrderService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Places a combine order that the customer pays on a page within WeChat.
   *
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012556926
   */
  async jsapi(
    request: PayerCombinePrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedCombineOrder & Prepay<JsapiPay>> {
    return this.#placeForClient('jsapi', request, options);
  }

  /** Places a combine order that the customer pays in a mini program. */
  async miniProgram(
    request: PayerCombinePrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedCombineOrder & Prepay<MiniProgramPay>> {
    return this.#placeForClient('miniProgram', request, options);
  }

  /** Places a combine order that the customer pays in an app. */
  async app(
    request: CombinePrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedCombineOrder & Prepay<AppPay>> {
    return this.#placeForClient('app', request, options);
  }

  /** Places a combine order that the customer pays from a browser outside of WeChat. */
  async h5(
    request: H5CombinePrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedCombineOrder & { readonly h5Url: string }> {
    const { placing } = this.#checked('h5', request, options);
    const { address, ...placed } = await placeForAddress(placing, options);
    return { ...placed, h5Url: address };
  }

  /** Places a combine order that the customer pays after scanning a QR code. */
  async native(
    request: CombinePrepayRequest,
    options: CallOptions = {},
  ): Promise<PlacedCombineOrder & { readonly codeUrl: string }> {
    const { placing } = this.#checked('native', request, options);
    const { address, ...placed } = await placeForAddress(placing, options);
    return { ...placed, codeUrl: address };
  }

  /**
   * Queries the state of a combine order and its sub-orders. The reply is verified, and checked to belong to this order. Use
   * `combinedTradeState` to get the state of the combine order.
   *
   * @param combineOutTradeNo the merchant's number of the combine order
   * @throws {WxPayApiError} kind `order-not-found` if the merchant has no such order
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time
   * @throws {WxPayInputError} before anything is sent, if the number is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098
   */
  async query(combineOutTradeNo: string, options: CallOptions = {}): Promise<CombineOrder> {
    const checked = checkCombineOutTradeNo(combineOutTradeNo);
    checkCallOptions(options);
    return this.#merchant.combine().query(checked, options);
  }

  /**
   * Closes all sub-orders of an unpaid combine order; a single sub-order cannot be closed.
   *
   * @param request lists all sub-orders, with the same merchants and numbers as when the order was placed: the `ref` of the placed
   * order
   * @throws {WxPayApiError} kind `order-state` if the order is paid: query it, then fulfil or refund it
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time: the order may be closed or not
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4012557137
   */
  async close(request: CombineCloseRequest, options: CallOptions = {}): Promise<void> {
    const checked = checkCombineCloseRequest(request);
    checkCallOptions(options);
    await closeCombineOrder(this.#merchant.combine(), checked, options);
  }

  async #placeForClient<Kind extends PayKind>(
    kind: Kind,
    request: CombinePrepayRequest,
    options: CallOptions,
  ): Promise<PlacedCombineOrder & Prepay<PayParameters[Kind]>> {
    const { api, placing, appid } = this.#checked(kind, request, options);
    const client = { kind, appid };
    return placeForClient(api, { ...placing, client }, options);
  }

  #checked(
    form: PrepayForm,
    request: CombinePrepayRequest,
    options: CallOptions,
  ): {
    readonly api: CombineApi;
    readonly placing: Placing<CombineCloseRequest>;
    /** Appid in which the customer pays. */
    readonly appid: string;
  } {
    checkCallOptions(options);
    const now = this.#merchant.now();
    const api = this.#merchant.combine();
    const order = checkCombinePrepayRequest(form, request, api.terms, now);
    const { ref, expiresAt } = order;
    const place = (callOptions: CallOptions): Promise<string> => api.place(order, callOptions);
    return {
      api,
      appid: payingCombineAppid(order),
      placing: { place, ref, subject: combineSubject(order), expiresAt, now },
    };
  }
}
