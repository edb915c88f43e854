import { gzipSync } from 'node:zlib';
import type { V2Fields } from '../../v2/xml.js';
import type { MockBills, MockBillRequest, NoBill } from '../bills/bills.js';
import type { DraftReply } from '../http/exchange.js';
import { replyXml } from './reply-xml.js';

/** Endpoint for trade bills. It replies with a file, or with a refusal in XML that is not signed. */
export const BILL_PATH = '/pay/downloadbill';

const REFUSALS: Readonly<Record<NoBill, readonly [text: string, code: string]>> = {
  creating: ['Bill Creating', '20003'],
  'no-transactions': ['No Bill Exist', '20002'],
  'no-day': ['invalid bill_date', '20100'],
  'not-kept': ['invalid bill_date', '20100'],
};

/** Replies to an authenticated request for a trade bill. */
export function billReply(bills: MockBills, fields: V2Fields): DraftReply {
  const { bill_date: day = '', bill_type: type = 'ALL', tar_type: tarType, sub_mch_id: subMchid } = fields;
  if (!['ALL', 'SUCCESS', 'REFUND'].includes(type)) return refusal('invalid bill_type', '20100');
  const date = day.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const file = bills.file({ date, type: type as MockBillRequest['type'], subMchid });
  if (typeof file === 'string') return refusal(...REFUSALS[file]);
  return { status: 200, body: tarType === 'GZIP' ? gzipSync(file) : file };
}

function refusal(text: string, code: string): DraftReply {
  const xml = replyXml({ return_code: 'FAIL', return_msg: text, error_code: code });
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from(xml), code };
}
