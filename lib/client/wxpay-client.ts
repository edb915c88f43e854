import { checkCallOptions, type CallOptions } from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import type { RequestApi } from '../domain/ports/apis.js';
import type { WxPayRequest } from '../domain/request.js';

/** Calls any other endpoint of WeChat Pay: signed, verified, with the same errors. */
export class WxPayClient {
  readonly #api: () => RequestApi;

  /** @internal */
  constructor(api: () => RequestApi) {
    expectWired('WxPayClient', api);
    this.#api = api;
  }

  /**
   * Sends one request through the same pipeline as the services do.
   *
   * An error with `outcomeUnknown: true` says that the request may have been carried out: ask WeChat Pay for its outcome before
   * you send it again.
   *
   * The answer is verified, but not checked to fit `T` or to answer this request: compare the numbers in it.
   *
   * @param request for an APIv3 merchant `{ method, path, query, body }`, for an APIv2 merchant `{ path, fields }`
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @returns the members of the answer as WeChat Pay named them; `undefined` if it is empty
   * @throws {WxPayApiError} if WeChat Pay refuses
   * @throws {WxPaySignatureError} if the origin of the answer cannot be proven
   * @throws {WxPayTransportError} if no usable answer came in time
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   */
  async request<T = unknown>(request: WxPayRequest, options: CallOptions = {}): Promise<T> {
    checkCallOptions(options);
    return (await this.#api().request(request, options)) as T;
  }
}
