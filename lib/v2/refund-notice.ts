import type { Refund } from '../domain/refunds/refund.js';
import type { CallContext } from '../errors/call-context.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import type { KeyService, Steps } from '../transport/steps.js';
import { decodeRefund } from './decode-refund.js';
import type { WxPayV2Signer } from './signing/signer.js';
import { parseXml, UnreadableXml, type V2Fields } from './xml.js';

/** The longest known notices have about twenty fields. */
const MAX_FIELDS = 100;

const SIGNER: KeyService<string> = {
  name: 'signer',
  read: textOf,
  failureOf: (error, call) => (error instanceof WxPaySignatureError ? notDecrypted(call, error) : undefined),
};

/** Tells whether a notification is of a refund (退款结果通知), which is encrypted but not signed. */
export function isRefundNotice({ req_info: encrypted, sign }: V2Fields): boolean {
  return Boolean(encrypted) && !sign;
}

/**
 * Decrypts the content of a refund notification with the APIv2 key, which the signer holds.
 *
 * @throws {WxPaySignatureError} if the key does not decrypt it, so that WeChat Pay did not send it to this merchant
 * @throws {WxPayConfigError} if the signer cannot decrypt
 */
export async function decryptNotice(
  { req_info: encrypted = '' }: V2Fields,
  signer: WxPayV2Signer,
  steps: Pick<Steps, 'call' | 'ask'>,
): Promise<V2Fields> {
  const xml = await steps.ask(SIGNER, 'decrypting', () => {
    if (typeof signer.decryptRefundNotice === 'function') return signer.decryptRefundNotice(encrypted);
    throw cannotDecrypt(steps.call);
  });
  try {
    return parseXml(Buffer.from(xml), MAX_FIELDS, 'root');
  } catch (error) {
    // With a wrong key, about one text in 256 has valid padding and decrypts to random bytes.
    if (error instanceof UnreadableXml) throw notDecrypted(steps.call, error);
    throw error;
  }
}

/**
 * Reads the refund in a decrypted notification.
 *
 * @param fields unverified fields of the notification, of which the number of the sub-merchant is read: only they have it
 * @param content decrypted fields
 */
export function decodeNotice(fields: V2Fields, content: V2Fields, leftOut: LeftOutFields): Refund {
  const { sub_mch_id: subMchid } = fields;
  const all: V2Fields = subMchid ? { ...content, sub_mch_id: subMchid } : content;
  return decodeRefund(all, { suffix: '', successTime: 'success_time', raw: content, leftOut });
}

function notDecrypted({ subject, merchant }: CallContext, cause: Error): WxPaySignatureError {
  return new WxPaySignatureError(
    'mismatch',
    `A notification to ${subject} could not be verified: it is about a refund, and the APIv2 key does not decrypt it. Check that the configured key is the APIv2 key of this merchant.`,
    { merchant, cause },
  );
}

function cannotDecrypt({ merchant }: CallContext): WxPayConfigError {
  return new WxPayConfigError(
    [
      'signer lacks decryptRefundNotice(), which decrypts the notifications of refunds with the APIv2 key: add it, as HmacSha256Signer and Md5Signer have it. Or leave notifyUrl and refundNotifyUrl out of refunds, and query them.',
    ],
    { merchant },
  );
}

function textOf(decrypted: unknown): string {
  if (typeof decrypted === 'string') return decrypted;
  throw new Error('it did not return a string');
}
