import { checkCallOptions, type CallOptions } from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import type { WxPayRequest } from '../domain/request.js';

/** Calls any WeChat Pay endpoint that has no service of its own. Requests are signed and replies verified as everywhere else. */
export class WxPayClient {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('WxPayClient', merchant);
    this.#merchant = merchant;
  }

  /**
   * Sends one request through the same pipeline as the services.
   *
   * An error with `outcomeUnknown: true` means that the request may have been carried out: query its outcome before you send
   * it again.
   *
   * The signature of the reply is verified. Its shape is not checked against `T`, and it is not checked to answer this
   * request: compare the numbers in it.
   *
   * @param request for an APIv3 merchant `{ method, path, query, body }`, for an APIv2 merchant `{ path, fields }`
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @returns the members of the reply under WeChat Pay's names; `undefined` for an empty reply
   * @throws {WxPayApiError} if WeChat Pay refuses
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   */
  async request<T = unknown>(request: WxPayRequest, options: CallOptions = {}): Promise<T> {
    checkCallOptions(options);
    return (await this.#merchant.requests().request(request, options)) as T;
  }
}
