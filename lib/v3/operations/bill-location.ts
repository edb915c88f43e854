import {
  fundFlowSubject,
  tradeBillSubject,
  type FundFlowRequest,
  type TradeBillRequest,
} from '../../domain/bills/bill-request.js';
import { identifier, object, required, UnexpectedJson, type Reader } from '../json.js';
import { query, type V3Operation } from '../operation.js';

/** Place and hash of the file of a bill. */
export interface BillLocation {
  readonly downloadUrl: string;
  /** SHA-1 of the decompressed file. */
  readonly hashValue: string;
}

const sha1: Reader<string> = (value, path) => {
  const hash = identifier(value, path);
  if (!/^[0-9a-f]{40}$/i.test(hash)) throw new UnexpectedJson(path, 'is not a SHA-1 in hexadecimal.');
  return hash;
};

const sha1Name: Reader<string> = (value, path) => {
  const name = identifier(value, path);
  // The bill could not be checked with another hash.
  if (name !== 'SHA1') throw new UnexpectedJson(path, 'is not SHA1.');
  return name;
};

const location = object<BillLocation & { readonly hashType: string }>({
  hashType: required('hash_type', sha1Name),
  hashValue: required('hash_value', sha1),
  downloadUrl: required('download_url', identifier),
});

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4013071227 */
export const locateTradeBill: V3Operation<TradeBillRequest, BillLocation> = {
  name: 'bill.trade',
  effect: 'none',
  // The reply names neither day nor merchant, so a replayed reply would select the bill of another day.
  namesNoOrder: true,
  successStatus: [200],
  subject: tradeBillSubject,
  request: ({ date, type = 'ALL', subMchid }) => ({
    method: 'GET',
    path: `/v3/bill/tradebill?${query({
      bill_date: date,
      bill_type: type,
      ...(subMchid === undefined ? {} : { sub_mchid: subMchid }),
      tar_type: 'GZIP',
    })}`,
    body: '',
  }),
  decode: (json) => location(json, '$'),
};

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4013071235 */
export const locateFundFlowBill: V3Operation<FundFlowRequest, BillLocation> = {
  name: 'bill.fundFlow',
  effect: 'none',
  // The reply names neither day nor merchant, so a replayed reply would select the bill of another day.
  namesNoOrder: true,
  successStatus: [200],
  subject: fundFlowSubject,
  request: ({ date, account = 'BASIC' }) => ({
    method: 'GET',
    path: `/v3/bill/fundflowbill?${query({ bill_date: date, account_type: account, tar_type: 'GZIP' })}`,
    body: '',
  }),
  decode: (json) => location(json, '$'),
};
