import type { OrderRef } from '../domain/order-ref.js';
import type { Order } from '../domain/order.js';
import type { CheckedCodePay } from '../domain/placing/code-pay-request.js';
import type { HostCallOptions, ReverseApi } from '../domain/ports/apis.js';
import type { CodePayApi } from '../domain/ports/code-pay-api.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { checkV2Limits } from './check-prepay.js';
import { codePay } from './operations/code-pay.js';
import { queryOrder } from './operations/query-order.js';
import { ownAddress } from './own-address.js';
import type { V2Pipeline } from './pipeline.js';

export interface V2CodePayApiOptions {
  readonly pipeline: V2Pipeline;
  readonly terms: CodePayApi['terms'];
  readonly reversal: ReverseApi;
}

/** Charges customers by their payment codes over APIv2. */
export class V2CodePayApi implements CodePayApi {
  readonly terms: CodePayApi['terms'];
  readonly #pipeline: V2Pipeline;
  readonly #reversal: ReverseApi;

  constructor({ pipeline, terms, reversal }: V2CodePayApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#reversal = reversal;
  }

  query(ref: OrderRef, options?: HostCallOptions): Promise<Order> {
    return this.#pipeline.execute(queryOrder, ref, options);
  }

  async pay(request: CheckedCodePay, options?: HostCallOptions): Promise<Order> {
    if (request.appid !== this.terms.appid) {
      throw new WxPayInputError(
        'appid',
        'is not the appid of this merchant, which all requests of APIv2 have: leave it out, or register the merchant with the other appid under a name of its own.',
      );
    }
    const { deviceIp = ownAddress() } = request;
    const order = { ...request, deviceIp };
    checkV2Limits(order.amount.total, codePay.fields(order));
    return this.#pipeline.execute(codePay, order, options);
  }

  reversalOf(): ReverseApi {
    return this.#reversal;
  }
}
