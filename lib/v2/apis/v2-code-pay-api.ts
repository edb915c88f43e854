import type { Order } from '../../domain/order.js';
import type { CheckedCodePay } from '../../domain/placing/code-pay-request.js';
import type { HostCallOptions, ReverseApi } from '../../domain/ports/apis.js';
import type { CodePayApi } from '../../domain/ports/code-pay-api.js';
import { checkV2Limits } from '../check-prepay.js';
import { ofApp } from '../operation.js';
import { codePay } from '../operations/code-pay.js';
import { queryOrder } from '../operations/query-order.js';
import { ownAddress } from '../own-address.js';
import type { V2Pipeline } from '../pipeline.js';

export interface V2CodePayApiOptions {
  readonly pipeline: V2Pipeline;
  readonly terms: CodePayApi['terms'];
  /** Returns the reversals of orders that were placed with this appid. */
  readonly reversalWith: (appid: string) => ReverseApi;
}

/** Charges customers by their payment codes over APIv2. All requests about a payment name the app of the payment. */
export class V2CodePayApi implements CodePayApi {
  readonly terms: CodePayApi['terms'];
  readonly #pipeline: V2Pipeline;
  readonly #reversalWith: (appid: string) => ReverseApi;

  constructor({ pipeline, terms, reversalWith }: V2CodePayApiOptions) {
    this.terms = terms;
    this.#pipeline = pipeline;
    this.#reversalWith = reversalWith;
  }

  async pay(request: CheckedCodePay, options?: HostCallOptions): Promise<Order> {
    const { deviceIp = ownAddress() } = request;
    const order = { ...request, deviceIp };
    checkV2Limits(order.amount.total, codePay.fields(order));
    return this.#pipeline.execute(codePay, order, options);
  }

  query(request: CheckedCodePay, options?: HostCallOptions): Promise<Order> {
    return this.#pipeline.execute(ofApp(queryOrder, request.appid), request, options);
  }

  reversalOf({ appid }: CheckedCodePay): ReverseApi {
    return this.#reversalWith(appid);
  }
}
