import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { checkText } from '../check-text.js';
import { membersOf, oneOf, type Check } from './checks.js';
import { checkRefundRef, type RefundRef } from './refund-ref.js';

/**
 * Another way for the money of a refund that is `ABNORMAL`: to a bank card of the customer, or to the merchant's own account, so
 * that the merchant pays the customer back itself.
 *
 * @see https://pay.weixin.qq.com/doc/v3/partner/4017150905
 */
export type AbnormalRefundRequest = AbnormalRefundRef & AbnormalRefundReceiver;

/** Numbers of an abnormal refund. A `Refund` has them. */
export interface AbnormalRefundRef extends RefundRef {
  /** WeChat's number of the refund. */
  readonly refundId: string;
}

/** Receiver of the money of an abnormal refund. */
export type AbnormalRefundReceiver =
  | {
      readonly type: 'USER_BANK_CARD';
      /** Bank of the card; only debit cards of these banks can receive a refund. */
      readonly bankType: AbnormalRefundBank;
      /** Number of the card, digits only. It is encrypted before it is sent. */
      readonly bankAccount: string;
      /** Name of the holder. It is encrypted before it is sent. */
      readonly realName: string;
    }
  | { readonly type: 'MERCHANT_BANK_CARD' };

const BANKS = [
  'CMB_DEBIT',
  'COMM_DEBIT',
  'ABC_DEBIT',
  'CCB_DEBIT',
  'ICBC_DEBIT',
  'BOC_DEBIT',
  'PAB_DEBIT',
  'SPDB_DEBIT',
  'CITIC_DEBIT',
  'CEB_DEBIT',
  'CMBC_DEBIT',
  'CIB_DEBIT',
  'GDB_DEBIT',
  'PSBC_DEBIT',
  'NBCB_DEBIT',
] as const;

/** Bank whose debit cards can receive an abnormal refund. */
export type AbnormalRefundBank = (typeof BANKS)[number];

const TYPES = ['USER_BANK_CARD', 'MERCHANT_BANK_CARD'] as const;
/** Maximum number of bytes that RSA-2048 with OAEP can encrypt. */
const MAX_ENCRYPTED_BYTES = 214;

/**
 * Checks a request for an abnormal refund.
 *
 * @returns a copy of the checked members only
 * @throws {WxPayInputError} naming the invalid member
 */
export function checkAbnormalRefundRequest(request: AbnormalRefundRequest): AbnormalRefundRequest {
  const ref = checkRefundRef(request);
  const given = membersOf(request, 'request');
  const refundId = checkText(
    /^[0-9A-Za-z_-]{1,32}$/,
    given['refundId'],
    'refundId',
    '1 to 32 characters of 0-9 A-Z a-z _ -, as WeChat Pay gave it',
  );
  const type = oneOf(TYPES)(given['type'], 'type');
  if (type === 'MERCHANT_BANK_CARD') return { ...ref, refundId, type };
  return {
    ...ref,
    refundId,
    type,
    bankType: oneOf(BANKS)(given['bankType'], 'bankType'),
    bankAccount: bankAccount(given['bankAccount'], 'bankAccount'),
    realName: realName(given['realName'], 'realName'),
  };
}

const bankAccount: Check<string> = (value, field) =>
  checkText(/^\d{8,32}$/, value, field, 'the number of the card, 8 to 32 digits without blanks');

const realName: Check<string> = (value, field) => {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value).length : 0;
  if (typeof value === 'string' && value.trim() !== '' && bytes <= MAX_ENCRYPTED_BYTES) return value;
  throw new WxPayInputError(
    field,
    `must be the name of the holder, at most ${MAX_ENCRYPTED_BYTES} bytes of UTF-8.`,
  );
};
