import type { KeyObject } from 'node:crypto';
import { decryptAesGcm } from '../crypto/aes-gcm.js';
import type { CombineOrder } from '../domain/combine-order.js';
import type { Order } from '../domain/order.js';
import { decodeCombineOrder } from './decode-combine-order.js';
import { decodeOrder, decodePartnerOrder } from './decode-order.js';
import {
  dateTime,
  identifier,
  members,
  object,
  optional,
  parseJson,
  required,
  text,
  UnexpectedJson,
  type Reader,
} from './json.js';

/** What a notification carries, still encrypted. */
interface SealedResource {
  readonly algorithm: string;
  readonly originalType: string;
  readonly ciphertext: string;
  readonly nonce: string;
  readonly associatedData?: string;
}

/** A notification as it is signed. */
export interface SealedNotification {
  readonly id: string;
  readonly createdAt: Date;
  readonly eventType: string;
  readonly resource: SealedResource;
}

/** A genuine notification came to the wrong merchant. */
export class ForeignOrder extends UnexpectedJson {}

const ALGORITHM = 'AEAD_AES_256_GCM';
const RESOURCE = '$.resource';

const sealedNotification = object<SealedNotification>({
  id: required('id', identifier),
  createdAt: required('create_time', dateTime),
  eventType: required('event_type', identifier),
  resource: required(
    'resource',
    object<SealedResource>({
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
export function decodeNotification(body: Uint8Array): SealedNotification {
  const notification = sealedNotification(parseJson(body), '$');
  if (notification.resource.algorithm !== ALGORITHM)
    throw new UnexpectedJson(`${RESOURCE}.algorithm`, `is not ${ALGORITHM}.`);
  return notification;
}

/**
 * Decrypts what a notification carries, and reads it if it is an order of `mchid`.
 *
 * @returns the order, or the JSON as it is for an event of another kind
 * @throws {Undecryptable} if the APIv3 key does not open it
 * @throws {ForeignOrder} if it belongs to another merchant
 * @throws {UnexpectedJson} if it is not what the documentation promises
 */
export function openResource(
  { resource }: SealedNotification,
  apiV3Key: KeyObject,
  mchid: string,
): Order | CombineOrder {
  const { ciphertext, nonce, associatedData = '', originalType } = resource;
  const json = parseJson(decryptAesGcm(apiV3Key, { ciphertext, nonce, associatedData }));
  // The type of the event does not tell: sharing profits has been announced as TRANSACTION.SUCCESS, too.
  if (originalType !== 'transaction') return json as Order;
  const order = orderReaderOf(json)(json, RESOURCE);
  if ((isCombined(order) ? order.combineMchid : order.mchid) !== mchid)
    throw new ForeignOrder(RESOURCE, 'is an order of another merchant.');
  return order;
}

function orderReaderOf(json: unknown): Reader<Order | CombineOrder> {
  const names = members(json, RESOURCE);
  if ('combine_out_trade_no' in names) return decodeCombineOrder;
  return 'sp_mchid' in names ? decodePartnerOrder : decodeOrder;
}

function isCombined(order: Order | CombineOrder): order is CombineOrder {
  return 'combineMchid' in order;
}
