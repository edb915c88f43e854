import type { FundFlowRequest, TradeBillRequest } from '../../domain/bills/bill-request.js';
import type { CallOptions } from '../../domain/options.js';
import type { BillApi, BillFile } from '../../domain/ports/bill-api.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../errors/wxpay-protocol-error.js';
import { DEFAULT_DOWNLOAD_TIMEOUT_MS, DEFAULT_MAX_FILE_BYTES } from '../../rules/limits.js';
import { TemporaryFile } from '../../transport/download/temporary-file.js';
import { timeLeft } from '../../transport/time-left.js';
import { checkDownload, type CheckedDownload } from '../check-download.js';
import type { V3Downloads } from '../downloads.js';
import type { V3Operation } from '../operation.js';
import { locateFundFlowBill, locateTradeBill, type BillLocation } from '../operations/bill-location.js';
import type { V3Pipeline } from '../pipeline.js';

export interface V3BillApiOptions {
  /** Registered name of the merchant. */
  readonly merchant: string;
  readonly pipeline: V3Pipeline;
  readonly downloads: V3Downloads;
  /** Origins of the merchant. */
  readonly hosts: readonly string[];
}

/** Downloads bills over APIv3: a signed reply names the file and its hash. */
export class V3BillApi implements BillApi {
  readonly merchant: string;
  readonly #options: V3BillApiOptions;

  constructor(options: V3BillApiOptions) {
    this.merchant = options.merchant;
    this.#options = options;
  }

  trade(request: TradeBillRequest, options?: CallOptions): Promise<BillFile> {
    return this.#download(locateTradeBill, request, options);
  }

  fundFlow(request: FundFlowRequest, options?: CallOptions): Promise<BillFile> {
    return this.#download(locateFundFlowBill, request, options);
  }

  async #download<T>(
    operation: V3Operation<T, BillLocation>,
    request: T,
    options: CallOptions = {},
  ): Promise<BillFile> {
    const { pipeline, downloads } = this.#options;
    const { signal, timeoutMs = DEFAULT_DOWNLOAD_TIMEOUT_MS } = options;
    const subject = operation.subject(request);
    const remaining = timeLeft({ signal, timeoutMs });
    const location = await unlessNone(pipeline.execute(operation, request, options));
    if (location instanceof WxPayApiError) {
      const file = await TemporaryFile.create(() => Promise.resolve(0));
      return { file, subject, proven: location.signed, isEmpty: true };
    }
    const download = this.#check(location, `${operation.name} of ${subject}`);
    const file = await downloads.run({ operation: 'bill.download', subject }, download, remaining());
    return { file, subject, proven: true, isEmpty: false };
  }

  #check({ downloadUrl, hashValue }: BillLocation, call: string): CheckedDownload {
    const { merchant, hosts } = this.#options;
    try {
      const download = { url: downloadUrl, sha1: hashValue, gunzip: true, maxBytes: DEFAULT_MAX_FILE_BYTES };
      return checkDownload(download, hosts);
    } catch (error) {
      if (!(error instanceof WxPayInputError)) throw error;
      throw new WxPayProtocolError(
        '$.download_url',
        `The verified reply to ${call} has a URL that is not asked: ${error.message}`,
        { merchant },
      );
    }
  }
}

/**
 * Returns the refusal "no transactions" instead of throwing it. Used only for the reply that locates the bill. The same refusal of
 * the file download is an error, because the bill was located before.
 */
async function unlessNone(location: Promise<BillLocation>): Promise<BillLocation | WxPayApiError> {
  try {
    return await location;
  } catch (error) {
    if (error instanceof WxPayApiError && error.code === 'NO_STATEMENT_EXIST') return error;
    throw error;
  }
}
