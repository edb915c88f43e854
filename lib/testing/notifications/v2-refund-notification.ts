import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import type { MockOrder } from '../orders/mock-order.js';
import { v2EffectOf } from '../v2/effect.js';
import { definedFields, signedReply, type MaybeFields } from '../v2/message.js';
import { v2FundsAccount, v2RefundTime, V2_REFUND_STATUSES } from '../v2/refund-fields.js';
import { formatElement } from '../../v2/xml.js';
import type { RefundNotice } from '../v3/refund-json.js';
import type { MockNotificationFault } from './notification-fault.js';
import type { Compose } from './notification-post.js';

/**
 * Creates an APIv2 notification of a refund: unsigned, with its content encrypted.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_16
 */
export function v2RefundNotification(order: MockOrder, refund: RefundNotice, apiV2Key: string): Compose {
  const { appid, mchid, subAppid, subMchid } = order;
  return async (fault) => {
    const effect = v2EffectOf(fault === undefined || isOfContent(fault) ? {} : fault);
    const message = {
      return_code: 'SUCCESS',
      appid,
      mch_id: mchid,
      sub_appid: subAppid,
      sub_mch_id: subMchid,
      nonce_str: randomBytes(16).toString('hex'),
      req_info: encryptedContent(refund, apiV2Key, fault),
    };
    const key = { signType: 'MD5', apiV2Key } as const;
    const { headers, body } = signedReply(message, key, { ...effect, signType: 'none' });
    return { headers: { ...headers, 'Content-Type': 'text/xml', ...effect.headers }, body };
  };
}

type ContentFault = Extract<
  MockNotificationFault,
  { readonly fault: 'wrong-key' } | { readonly fault: 'tampered-ciphertext' }
>;

function isOfContent(fault: MockNotificationFault): fault is ContentFault {
  return fault.fault === 'wrong-key' || fault.fault === 'tampered-ciphertext';
}

function encryptedContent(refund: RefundNotice, apiV2Key: string, fault?: MockNotificationFault): string {
  const content =
    fault?.fault === 'wrong-types' ? { ...contentOf(refund), total_fee: 'much' } : contentOf(refund);
  const elements = Object.entries(definedFields(content)).map(([name, value]) => formatElement(name, value));
  const usedKey = fault?.fault === 'wrong-key' ? randomBytes(16).toString('hex') : apiV2Key;
  const key = createHash('md5').update(usedKey).digest('hex');
  const cipher = createCipheriv('aes-256-ecb', key, null);
  const encrypted = Buffer.concat([cipher.update(`<root>\n${elements.join('\n')}\n</root>`), cipher.final()]);
  if (fault?.fault === 'tampered-ciphertext') encrypted.writeUInt8(encrypted.readUInt8(0) ^ 1, 0);
  return encrypted.toString('base64');
}

function contentOf(refund: RefundNotice): MaybeFields {
  const { amount, status } = refund;
  return {
    out_refund_no: refund.outRefundNo,
    out_trade_no: refund.outTradeNo,
    refund_account: v2FundsAccount(refund.fundsAccount),
    refund_fee: amount.refund,
    refund_id: refund.refundId,
    refund_recv_accout: refund.userReceivedAccount,
    refund_request_source: 'API',
    refund_status: V2_REFUND_STATUSES[status] ?? status,
    settlement_refund_fee: amount.settlementRefund ?? amount.refund,
    settlement_total_fee: amount.settlementTotal ?? amount.total,
    success_time: v2RefundTime(refund.successTime) ?? '',
    total_fee: amount.total,
    transaction_id: refund.transactionId,
  };
}
