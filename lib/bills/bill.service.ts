import type {
  Bill,
  FundFlowRow,
  FundFlowSummary,
  TradeBillRow,
  TradeBillSummary,
} from '../domain/bills/bill.js';
import type { BillFormat } from '../domain/bills/bill-format.js';
import {
  checkFundFlowRequest,
  checkTradeBillRequest,
  type FundFlowRequest,
  type TradeBillRequest,
} from '../domain/bills/bill-request.js';
import { FUND_FLOW_BILL } from '../domain/bills/fund-flow-bill.js';
import { TRADE_BILL } from '../domain/bills/trade-bill.js';
import { expectWired } from '../domain/expect-wired.js';
import { untilClosed } from '../domain/flows/until-closed.js';
import { checkCallOptions, type CallOptions } from '../domain/options.js';
import type { BillApi, BillFile } from '../domain/ports/bill-api.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { DEFAULT_DOWNLOAD_TIMEOUT_MS } from '../rules/limits.js';
import { openBill } from './stored-bill.js';

/** Downloads bills, and checks them before their first row is shown. */
export class BillService {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('BillService', merchant);
    this.#merchant = merchant;
  }

  /**
   * Downloads the trade bill (交易账单) of a day: all payments and refunds. Dispose of it at the end.
   *
   * A day without transactions is an empty bill. Over APIv2 WeChat Pay gives no hash: `proven` is false then, and only TLS and
   * the summary protect the bill.
   *
   * @param request `date` is a day in Beijing that has ended; its bill is ready the day after, from 10:00 on
   * @param options `timeoutMs` bounds the download and the check of all lines (default 300 000)
   * @throws {WxPayApiError} kind `not-ready` while WeChat Pay prepares the bill: try again in `retryAfterMs`
   * @throws {WxPayInputError} before anything is sent, if the request is malformed, or the day has not ended
   * @throws {WxPayProtocolError} if the file has another hash than promised, or cannot be read to its end
   * @throws {WxPaySignatureError} if a reply could not be verified
   * @throws {WxPayTransportError} if the file did not arrive in time, or cannot be stored
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071227
   */
  async trade(
    request: TradeBillRequest,
    options: CallOptions = {},
  ): Promise<Bill<TradeBillRow, TradeBillSummary>> {
    const checked = checkTradeBillRequest(request, this.#merchant.now());
    return this.#open(TRADE_BILL, options, (api, call) => api.trade(checked, call));
  }

  /**
   * Downloads the fund flow bill (资金账单) of a day: every change of the balance of an account. Dispose of it at the end. APIv3
   * only.
   *
   * @param request `date` is a day in Beijing that has ended
   * @param options `timeoutMs` bounds the whole download (default 300 000)
   * @throws {WxPayConfigError} if the merchant uses APIv2
   * @throws {WxPayError} as {@link trade} does
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071235
   */
  async fundFlow(
    request: FundFlowRequest,
    options: CallOptions = {},
  ): Promise<Bill<FundFlowRow, FundFlowSummary>> {
    const checked = checkFundFlowRequest(request, this.#merchant.now());
    return this.#open(FUND_FLOW_BILL, options, (api, call) => api.fundFlow(checked, call));
  }

  #open<Row extends object, Summary extends { readonly count: number }>(
    format: BillFormat<Row, Summary>,
    options: CallOptions,
    download: (api: BillApi, options: CallOptions) => Promise<BillFile>,
  ): Promise<Bill<Row, Summary>> {
    checkCallOptions(options);
    const api = this.#merchant.bills();
    const { timeoutMs = DEFAULT_DOWNLOAD_TIMEOUT_MS } = options;
    const limit = { timeoutMs, endsAt: performance.now() + timeoutMs };
    const signals = { signal: options.signal, closing: this.#merchant.closing() };
    return untilClosed('The download of a bill', signals, async (signal) => {
      const file = await download(api, { timeoutMs: options.timeoutMs, signal });
      const name = { subject: file.subject, merchant: api.merchant };
      return openBill(file, { format, name, signal, limit });
    });
  }
}
