import { tradeBillSubject, type TradeBillRequest } from '../../domain/bills/bill-request.js';
import type { CallOptions } from '../../domain/options.js';
import type { BillApi, BillFile } from '../../domain/ports/bill-api.js';
import { WxPayApiError } from '../../errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { DEFAULT_MAX_FILE_BYTES } from '../../rules/limits.js';
import { TemporaryFile } from '../../transport/download/temporary-file.js';
import type { V2Downloads } from '../downloads.js';

/** Downloads trade bills over APIv2. APIv2 gives no hash or signature for bills. */
export class V2BillApi implements BillApi {
  readonly merchant: string;
  readonly #downloads: V2Downloads;

  /** @param merchant registered name of the merchant */
  constructor(merchant: string, downloads: V2Downloads) {
    this.merchant = merchant;
    this.#downloads = downloads;
  }

  /** @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_6 */
  async trade(request: TradeBillRequest, options?: CallOptions): Promise<BillFile> {
    const { date, type = 'ALL', subMchid } = request;
    const subject = tradeBillSubject(request);
    const download = {
      path: '/pay/downloadbill',
      fields: {
        bill_date: date.replaceAll('-', ''),
        bill_type: type,
        tar_type: 'GZIP',
        ...(subMchid === undefined ? {} : { sub_mch_id: subMchid }),
      },
      gunzip: true,
      maxBytes: DEFAULT_MAX_FILE_BYTES,
    };
    try {
      const file = await this.#downloads.run({ operation: 'bill.trade', subject }, download, options);
      return { file, subject, proven: false, isEmpty: false };
    } catch (error) {
      if (!(error instanceof WxPayApiError) || error.code !== 'NO_STATEMENT_EXIST') throw error;
      const file = await TemporaryFile.create(() => Promise.resolve(0));
      return { file, subject, proven: false, isEmpty: true };
    }
  }

  fundFlow(): Promise<BillFile> {
    const remedy =
      "Fund flow bills are downloaded over APIv3 only: register the merchant with api: 'v3' under a name of its own and use its BillService.";
    return Promise.reject(new WxPayConfigError([remedy], { merchant: this.merchant }));
  }
}
