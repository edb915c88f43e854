import type { KeyObject } from 'node:crypto';
import { decryptAesGcm } from '../crypto/aes-gcm.js';
import type { CombineOrder } from '../domain/combine-order.js';
import type {
  OtherNotification,
  OtherOriginalType,
  RefundNotification,
  TransactionNotification,
} from '../domain/notification.js';
import type { Order } from '../domain/order.js';
import { decodeCombineOrder } from './decode-combine-order.js';
import { decodeOrder, decodePartnerOrder } from './decode-order.js';
import { decodeRefundNotice } from './decode-refund.js';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import { lenient } from './lenient.js';
import type { DecodeContext } from './operation.js';
import { isNamed, isOrder } from './is-order.js';
import {
  dateTime,
  identifier,
  isNone,
  memberOf,
  object,
  optional,
  parseJson,
  required,
  text,
  UnexpectedJson,
  type Reader,
} from './json.js';

/** Encrypted content of a notification. */
interface EncryptedResource {
  readonly algorithm: string;
  /** Absent in notifications as older pages, and those of some products, show them. */
  readonly originalType?: string;
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associatedData?: string;
}

/** Notification as it is signed, with its content still encrypted. */
export interface EncryptedNotification {
  readonly id: string;
  /** Absent if it cannot be read: a date in another format must not hide a payment. */
  readonly createdAt?: Date;
  readonly eventType: string;
  readonly resource: EncryptedResource;
}

/** Decrypted and decoded content of a notification. */
export type DecodedResource =
  | Pick<TransactionNotification, 'originalType' | 'resource'>
  | Pick<RefundNotification, 'originalType' | 'resource' | 'signed'>
  | Pick<OtherNotification, 'originalType' | 'resource'>;

/**
 * `originalType` for the transactions of other products, such as parking or education, which WeChat Pay announces as
 * `transaction`. Their `out_trade_no` does not identify an order of the merchant, so a handler for `transaction` must not
 * receive them.
 */
export const OTHER_TRANSACTION = 'other-transaction';

/** `originalType` for content that WeChat Pay announces as `refund`, but that names no refund of an order. */
export const OTHER_REFUND = 'other-refund';

/** `originalType` if WeChat Pay names no type, and the event belongs to neither an order nor a refund. */
const OTHER = 'other';

/** Error for a verified notification that belongs to another merchant. */
export class ForeignOrder extends UnexpectedJson {}

const ALGORITHM = 'AEAD_AES_256_GCM';
const RESOURCE = '$.resource';

const encryptedNotification = object<EncryptedNotification>({
  id: required('id', identifier),
  createdAt: lenient('create_time', dateTime),
  eventType: required('event_type', identifier),
  resource: required(
    'resource',
    object<EncryptedResource>({
      algorithm: required('algorithm', identifier),
      originalType: optional('original_type', identifier),
      ciphertext: required('ciphertext', identifier),
      nonce: required('nonce', identifier),
      associatedData: optional('associated_data', text),
    }),
  ),
});

/**
 * Reads a notification whose signature was verified.
 *
 * @throws {UnexpectedJson} if it differs from the documentation
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export function decodeNotification(json: unknown, leftOut?: LeftOutFields): EncryptedNotification {
  const notification = encryptedNotification(json, '$', leftOut);
  if (notification.resource.algorithm !== ALGORITHM) {
    throw new UnexpectedJson(`${RESOURCE}.algorithm`, `is not ${ALGORITHM}.`);
  }
  return notification;
}

/**
 * Decrypts the content of a notification.
 *
 * @throws {DecryptionError} if the APIv3 key does not decrypt it
 * @throws {UnexpectedJson} if it is not JSON
 */
export function decryptResource({ resource }: EncryptedNotification, apiV3Key: KeyObject): unknown {
  const { ciphertext, nonce, associatedData = '' } = resource;
  return parseJson(decryptAesGcm(apiV3Key, { ciphertext, nonce, associatedData }));
}

/**
 * Checks that the content of a notification is for `mchid`, and reads it if it is an order or a refund.
 *
 * @throws {ForeignOrder} if it belongs to another merchant
 * @throws {UnexpectedJson} if it differs from the documentation
 */
export function decodeResource(
  json: unknown,
  notification: EncryptedNotification,
  { mchid, leftOut }: DecodeContext,
): DecodedResource {
  const { originalType = typeOf(notification, json) } = notification.resource;
  expectOwn(json, mchid);
  if (originalType === 'refund') {
    if (!isRefund(json)) return { originalType: OTHER_REFUND, resource: json };
    return { originalType, resource: decodeRefundNotice(json, RESOURCE, leftOut), signed: true };
  }
  // The event type does not identify an order: WeChat Pay has also sent TRANSACTION.SUCCESS for profit sharing. The cast is
  // not proven for every name: the type lists those that WeChat Pay is known to use. A handler narrows by `transaction` and
  // `refund`, which are compared here.
  if (originalType !== 'transaction') {
    return { originalType: originalType as OtherOriginalType, resource: json };
  }
  if (!isOrder(json)) return { originalType: OTHER_TRANSACTION, resource: json };
  return { originalType, resource: orderReaderOf(json)(json, RESOURCE, leftOut) };
}

/**
 * Derives the type of content for which WeChat Pay names none. Event and content are both signed. The event alone does not
 * identify an order; content that names the number or the state of one counts as an order, and is refused if it cannot be
 * read as one.
 */
function typeOf({ eventType }: EncryptedNotification, json: unknown): string {
  if (eventType.startsWith('REFUND.')) return 'refund';
  if (!eventType.startsWith('TRANSACTION.')) return OTHER;
  const names = ['out_trade_no', 'trade_state', 'combine_out_trade_no'];
  return names.some((name) => isNamed(json, name)) ? 'transaction' : OTHER_TRANSACTION;
}

/**
 * Refuses content that names another merchant. Only top-level members count: sub-orders of a combine order may belong to
 * other merchants, and so may members with other names, such as the creator of a coupon.
 */
function expectOwn(json: unknown, mchid: string): void {
  for (const name of ['mchid', 'sp_mchid', 'combine_mchid']) {
    const value = memberOf(json, name);
    const named = typeof value === 'number' ? String(value) : value;
    if (!isNone(named) && named !== mchid) {
      throw new ForeignOrder(`${RESOURCE}.${name}`, 'is another merchant.');
    }
  }
}

/** Tells whether content is a refund. Ambiguous content counts as one, and is refused when it is read. */
function isRefund(json: unknown): boolean {
  return isNamed(json, 'out_refund_no') || isNamed(json, 'refund_id');
}

function orderReaderOf(json: unknown): Reader<Order | CombineOrder> {
  if (isNamed(json, 'combine_out_trade_no')) return decodeCombineOrder;
  return isNamed(json, 'sp_mchid') ? decodePartnerOrder : decodeOrder;
}
