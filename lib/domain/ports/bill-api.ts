import type { FundFlowRequest, TradeBillRequest } from '../bills/bill-request.js';
import type { DownloadedFile } from '../files.js';
import type { CallOptions } from '../options.js';

/** Downloaded bill, before it is read. */
export interface BillFile {
  /** Empty for a day without transactions. */
  readonly file: DownloadedFile;
  /** Name of the bill for error messages. */
  readonly subject: string;
  /** True if a signed reply vouches for the content. */
  readonly proven: boolean;
  /** True if WeChat Pay says that the day has no transactions. */
  readonly isEmpty: boolean;
}

/** Downloads of bills. Each API has its implementation. */
export interface BillApi {
  /** Registered name of the merchant. */
  readonly merchant: string;
  trade(request: TradeBillRequest, options?: CallOptions): Promise<BillFile>;
  fundFlow(request: FundFlowRequest, options?: CallOptions): Promise<BillFile>;
}
