import type { Order } from '../../domain/order.js';
import type { CheckedCodePay } from '../../domain/placing/code-pay-request.js';
import type { HostCallOptions, ReverseApi } from '../../domain/ports/apis.js';
import type { CodePayApi } from '../../domain/ports/code-pay-api.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { codePay } from '../operations/code-pay.js';
import { queryOrder } from '../operations/query-order.js';
import type { V3Pipeline } from '../pipeline.js';

export interface V3CodePayApiOptions {
  readonly pipeline: V3Pipeline;
  readonly terms: CodePayApi['terms'];
  /** Returns the reversals of orders that were placed with this appid. */
  readonly reversalWith: (appid: string) => ReverseApi;
}

/** Charges customers by their payment codes over APIv3. */
export class V3CodePayApi implements CodePayApi {
  readonly terms: CodePayApi['terms'];
  readonly #pipeline: V3Pipeline;
  readonly #reversalWith: (appid: string) => ReverseApi;

  constructor({ pipeline, terms, reversalWith }: V3CodePayApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#reversalWith = reversalWith;
  }

  query(request: CheckedCodePay, options?: HostCallOptions): Promise<Order> {
    return this.#pipeline.execute(queryOrder, request, options);
  }

  async pay(request: CheckedCodePay, options?: HostCallOptions): Promise<Order> {
    if (request.storeInfo === undefined) {
      throw new WxPayInputError(
        'storeInfo',
        'is missing: APIv3 needs the shop, { outId } with your own number or { id } with that of WeChat Pay.',
      );
    }
    return this.#pipeline.execute(codePay, request, options);
  }

  reversalOf({ appid }: CheckedCodePay): ReverseApi {
    return this.#reversalWith(appid);
  }
}
