import { expectWired } from '../domain/expect-wired.js';
import type { CodePayment } from '../domain/flows/code-pay-findings.js';
import { payByCode } from '../domain/flows/pay-by-code.js';
import { checkCodePayOptions, type CodePayOptions } from '../domain/options.js';
import { checkCodePayRequest, type CodePayRequest } from '../domain/placing/code-pay-request.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';

/** Charges customers by the payment codes (付款码) that they show. */
export class CodePayService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('CodePayService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Charges the customer whose payment code was scanned, waits while the customer enters the password, and reverses the order if
   * it stays unpaid.
   *
   * The payment is sent once, and the state that verified queries show decides the outcome. Failures of WeChat Pay lead to
   * `unresolved`, not to exceptions: then reverse the order until its outcome is `reversed`, and hand over nothing. Paying again
   * under the same `outTradeNo` does not charge the customer twice.
   *
   * @param request `appid` is the merchant's by default; APIv3 requires `storeInfo`
   * @param options `timeoutMs` bounds the whole flow (default 60 000), `waitMs` the time of the customer (default 30 000)
   * @throws {WxPayInputError} before anything is sent, if a member of the request is missing or malformed
   * @throws {WxPayConfigError} before anything is sent, if the merchant has no `appid`, or over APIv2 no `clientCertificate`,
   * without which the order could not be reversed
   * @throws {WxPayTransportError} if the payment could not be sent: the customer is not charged
   * @throws `signal.reason` if the caller aborts; nothing is reversed, and the customer may be charged: reverse the order
   * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937125
   */
  async pay(request: CodePayRequest, options: CodePayOptions = {}): Promise<CodePayment> {
    checkCodePayOptions(options);
    const api = this.#merchant.codePay();
    return payByCode(api, checkCodePayRequest(request, api.terms), options);
  }
}
