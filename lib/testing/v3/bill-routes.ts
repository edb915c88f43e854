import type { MockBills, MockBillRequest, NoBill } from '../bills/bills.js';
import { jsonReply, type DraftReply } from '../http/exchange.js';
import { mchid, optional, string } from './parameters.js';
import { Problem, type ProblemShape } from './problem.js';
import { route, type Route } from './route.js';

const date = string({ max: 10, pattern: /^\d{4}-\d{2}-\d{2}$/ });
const billType = optional(string({ max: 32, pattern: /^(ALL|SUCCESS|REFUND)$/ }));
const accountType = optional(string({ max: 32, pattern: /^(BASIC|OPERATION|FEES)$/ }));
const tarType = optional(string({ max: 32, pattern: /^GZIP$/ }));
const optionalMchid = optional(mchid);
const token = string({ max: 512 });
const fileType = optional(string({ max: 8, pattern: /^gzip$/ }));

const REFUSALS: Readonly<Record<NoBill, ProblemShape>> = {
  creating: { status: 400, code: 'STATEMENT_CREATING', message: '账单生成中，请稍后再试' },
  'no-transactions': { status: 400, code: 'NO_STATEMENT_EXIST', message: '账单文件不存在' },
  'no-day': { status: 400, code: 'INVALID_REQUEST', message: '账单日期不合法' },
  'not-kept': { status: 400, code: 'INVALID_REQUEST', message: '仅支持三个月内的账单下载申请' },
};

/**
 * Creates the endpoints of bills. Files are downloaded from the gateway itself, with signed requests and unsigned replies.
 *
 * @param url origin of the gateway
 */
export function billRoutes(bills: MockBills, url: () => string): readonly Route[] {
  const offer = (request: MockBillRequest, isGzip: boolean): DraftReply => {
    const file = bills.file(request);
    if (typeof file === 'string') throw new Problem(REFUSALS[file]);
    const { sha1, token: name } = bills.offer(file, isGzip);
    const downloadUrl = `${url()}/v3/billdownload/file?token=${name}${isGzip ? '&tartype=gzip' : ''}`;
    return jsonReply(200, { hash_type: 'SHA1', hash_value: sha1, download_url: downloadUrl });
  };
  return [
    route({
      operation: 'bill.trade',
      method: 'GET',
      path: '/v3/bill/tradebill',
      inPath: {},
      fields: { bill_date: date, bill_type: billType, sub_mchid: optionalMchid, tar_type: tarType },
      reply: ({ parameters: { bill_date, bill_type, sub_mchid, tar_type } }) =>
        offer(
          { date: bill_date, type: bill_type as MockBillRequest['type'], subMchid: sub_mchid },
          tar_type !== undefined,
        ),
    }),
    route({
      operation: 'bill.fundFlow',
      method: 'GET',
      path: '/v3/bill/fundflowbill',
      inPath: {},
      fields: { bill_date: date, account_type: accountType, tar_type: tarType },
      reply({ parameters: { bill_date, account_type = 'BASIC', tar_type } }) {
        // The other accounts of the merchant have no transactions.
        if (account_type !== 'BASIC') throw new Problem(REFUSALS['no-transactions']);
        return offer({ date: bill_date, kind: 'fund-flow' }, tar_type !== undefined);
      },
    }),
    route({
      operation: 'bill.download',
      method: 'GET',
      path: '/v3/billdownload/file',
      inPath: {},
      fields: { token, tartype: fileType },
      reply({ parameters }) {
        const body = bills.offered(parameters.token);
        if (body === undefined) {
          throw new Problem({ status: 403, code: 'NO_AUTH', message: '下载链接已失效' });
        }
        return { status: 200, headers: { 'Content-Type': 'application/octet-stream' }, body, signed: false };
      },
    }),
  ];
}
