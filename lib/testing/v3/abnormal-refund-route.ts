import { jsonReply } from '../http/exchange.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import type { MockRefund } from '../refunds/mock-refund.js';
import { missingParameter, patternMismatch } from './parameter-problems.js';
import { mchid, optional, string } from './parameters.js';
import { Problem } from './problem.js';
import { refundJson } from './refund-json.js';
import { route, type Route } from './route.js';

const BANKS = /^(CMB|COMM|ABC|CCB|ICBC|BOC|PAB|SPDB|CITIC|CEB|CMBC|CIB|GDB|PSBC|NBCB)_DEBIT$/;
const optionalMchid = optional(mchid);
const bankType = optional(string({ max: 16, pattern: BANKS }));
const encrypted = optional(string({ max: 1024, pattern: /^[A-Za-z0-9+/]+={0,2}$/ }));

/** Creates the endpoint that sends the money of an abnormal refund another way. */
export function abnormalRefundRoute(platform: PlatformKeys): Route {
  return route({
    operation: 'refund.abnormal',
    method: 'POST',
    path: '/v3/refund/domestic/refunds/{refund_id}/apply-abnormal-refund',
    inPath: { refund_id: string({ max: 32, pattern: /^[0-9A-Za-z_-]+$/ }) },
    fields: {
      sub_mchid: optionalMchid,
      out_refund_no: string({ max: 64, pattern: /^[0-9a-zA-Z_\-|*@]+$/ }),
      type: string({ max: 32, pattern: /^(USER|MERCHANT)_BANK_CARD$/ }),
      bank_type: bankType,
      bank_account: encrypted,
      real_name: encrypted,
    },
    reply({ refunds, parameters, serialNo }) {
      const { refund_id: refundId, out_refund_no: outRefundNo, sub_mchid: subMchid, type } = parameters;
      if (type === 'USER_BANK_CARD') checkReceiver(parameters, serialNo, platform);
      const refund = requireRefund(refunds.find({ refundId, subMchid }));
      if (refund.outRefundNo !== outRefundNo) throw unknownRefund();
      if (refund.status !== 'ABNORMAL') {
        throw new Problem({ status: 400, code: 'INVALID_REQUEST', message: '退款单状态不是退款异常' });
      }
      const channel = type === 'USER_BANK_CARD' ? 'OTHER_BANKCARD' : 'BALANCE';
      return jsonReply(200, refundJson(refunds.sendAnotherWay(refund, channel)));
    },
  });
}

interface Receiver {
  readonly bank_type?: string;
  readonly bank_account?: string;
  readonly real_name?: string;
}

/** Checks that the fields of a customer's card are there, and that the named platform key decrypts them. */
function checkReceiver(receiver: Receiver, serialNo: string | undefined, platform: PlatformKeys): void {
  for (const name of ['bank_type', 'bank_account', 'real_name'] as const) {
    const place = { location: 'body', pointer: `/${name}` } as const;
    const value = receiver[name];
    if (value === undefined) throw missingParameter(place);
    if (name !== 'bank_type' && !isDecryptable(value, serialNo, platform)) {
      throw patternMismatch(place, value);
    }
  }
}

function isDecryptable(ciphertext: string, serialNo = '', platform: PlatformKeys): boolean {
  try {
    return platform.decrypt(serialNo, ciphertext) !== '';
  } catch {
    return false;
  }
}

/** Returns the refund. @throws {Problem} 404 if it does not exist */
export function requireRefund(refund: MockRefund | undefined): MockRefund {
  if (refund === undefined) throw unknownRefund();
  return refund;
}

function unknownRefund(): Problem {
  return new Problem({ status: 404, code: 'RESOURCE_NOT_EXISTS', message: '退款单不存在' });
}
