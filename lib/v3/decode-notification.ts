import type { KeyObject } from 'node:crypto';
import { decryptAesGcm } from '../crypto/aes-gcm.js';
import type { CombineOrder } from '../domain/combine-order.js';
import type {
  OtherNotification,
  OtherOriginalType,
  TransactionNotification,
} from '../domain/notification.js';
import type { Order } from '../domain/order.js';
import { decodeCombineOrder } from './decode-combine-order.js';
import { decodeOrder, decodePartnerOrder } from './decode-order.js';
import type { LeftOut } from '../telemetry/left-out.js';
import { decoration } from './decoration.js';
import type { DecodeContext } from './operation.js';
import { isNamed, isOrder } from './is-order.js';
import {
  dateTime,
  identifier,
  isAbsent,
  memberOf,
  object,
  optional,
  parseJson,
  required,
  text,
  UnexpectedJson,
  type Reader,
} from './json.js';

/** The content of a notification, still encrypted. */
interface EncryptedResource {
  readonly algorithm: string;
  readonly originalType: string;
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associatedData?: string;
}

/** A notification as it is signed. */
export interface EncryptedNotification {
  readonly id: string;
  /** Absent where it does not read: a date in another form must not hide a payment. */
  readonly createdAt?: Date;
  readonly eventType: string;
  readonly resource: EncryptedResource;
}

/** The content of a notification, decrypted and read. */
export type DecodedResource =
  | Pick<TransactionNotification, 'originalType' | 'resource'>
  | Pick<OtherNotification, 'originalType' | 'resource'>;

/**
 * The `originalType` of what WeChat Pay announces as `transaction` though it is of another product: parking, education. Its
 * `out_trade_no` is not that of an order of the shop, so a handler that looks for `transaction` must not see it as one.
 */
export const OTHER_TRANSACTION = 'other-transaction';

/** A genuine notification came to the wrong merchant. */
export class ForeignOrder extends UnexpectedJson {}

const ALGORITHM = 'AEAD_AES_256_GCM';
const RESOURCE = '$.resource';

const encryptedNotification = object<EncryptedNotification>({
  id: required('id', identifier),
  createdAt: decoration('create_time', dateTime),
  eventType: required('event_type', identifier),
  resource: required(
    'resource',
    object<EncryptedResource>({
      algorithm: required('algorithm', identifier),
      originalType: required('original_type', identifier),
      ciphertext: required('ciphertext', identifier),
      nonce: required('nonce', identifier),
      associatedData: optional('associated_data', text),
    }),
  ),
});

/**
 * Reads a notification whose signature was verified.
 *
 * @throws {UnexpectedJson} if it is not what the documentation promises
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export function decodeNotification(json: unknown, leftOut?: LeftOut): EncryptedNotification {
  const notification = encryptedNotification(json, '$', leftOut);
  if (notification.resource.algorithm !== ALGORITHM) {
    throw new UnexpectedJson(`${RESOURCE}.algorithm`, `is not ${ALGORITHM}.`);
  }
  return notification;
}

/**
 * Decrypts the content of a notification.
 *
 * @throws {DecryptionError} if the APIv3 key does not open it
 * @throws {UnexpectedJson} if it is not JSON
 */
export function decryptResource({ resource }: EncryptedNotification, apiV3Key: KeyObject): unknown {
  const { ciphertext, nonce, associatedData = '' } = resource;
  return parseJson(decryptAesGcm(apiV3Key, { ciphertext, nonce, associatedData }));
}

/**
 * Checks that the content of a notification is for `mchid`, and reads it if it is an order.
 *
 * @throws {ForeignOrder} if it belongs to another merchant
 * @throws {UnexpectedJson} if it is not what the documentation promises
 */
export function decodeResource(
  json: unknown,
  { resource: { originalType } }: EncryptedNotification,
  { mchid, leftOut }: DecodeContext,
): DecodedResource {
  expectOwn(json, mchid);
  // The type of the event does not tell: sharing profits has been announced as TRANSACTION.SUCCESS, too. The name is sound
  // for what it is there for: it is not that of an order.
  if (originalType !== 'transaction') {
    return { originalType: originalType as OtherOriginalType, resource: json };
  }
  if (!isOrder(json)) return { originalType: OTHER_TRANSACTION, resource: json };
  return { originalType, resource: orderReaderOf(json)(json, RESOURCE, leftOut) };
}

/**
 * Refuses content that names another merchant. Only the members of the whole count: parts, such as the
 * sub-orders of a combine order, belong to others, as do members of other names, such as the creator of a coupon.
 */
function expectOwn(json: unknown, mchid: string): void {
  for (const name of ['mchid', 'sp_mchid', 'combine_mchid']) {
    const value = memberOf(json, name);
    const named = typeof value === 'number' ? String(value) : value;
    if (!isAbsent(named) && named !== mchid) {
      throw new ForeignOrder(`${RESOURCE}.${name}`, 'is another merchant.');
    }
  }
}

function orderReaderOf(json: unknown): Reader<Order | CombineOrder> {
  if (isNamed(json, 'combine_out_trade_no')) return decodeCombineOrder;
  return isNamed(json, 'sp_mchid') ? decodePartnerOrder : decodeOrder;
}
