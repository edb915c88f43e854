import { randomBytes, randomUUID } from 'node:crypto';
import { jsonReply, type DraftReply } from '../http/exchange.js';
import type { MockNotificationFault } from './notification-fault.js';
import type { Compose } from './notification-post.js';
import { effectOf } from '../v3/effect.js';
import { encrypt, type Encrypted } from '../v3/encrypt.js';
import type { ReplySigner } from '../v3/reply-signer.js';

/** Faults of the encrypted resource; all others concern the envelope. */
const CONTENT_FAULTS: readonly string[] = ['other-merchant', 'wrong-types', 'decorated'];

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/** Event of an APIv3 notification. */
export interface V3Event {
  readonly eventType: string;
  readonly summary: string;
  /** Content of the notification, encrypted before it is sent. */
  readonly resource: object;
  readonly createdAt: string;
}

/** Keys that encrypt and sign a notification. */
export interface V3SigningKeys {
  readonly replySigner: ReplySigner;
  readonly apiV3Key: string;
  /** Identifier of the signing key; undefined for the default key. */
  readonly serialNo?: string;
}

/**
 * Creates an APIv3 notification.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export function v3Notification(event: V3Event, { replySigner, apiV3Key, serialNo }: V3SigningKeys): Compose {
  const id = randomUUID();
  const [kind = ''] = event.eventType.toLowerCase().split('.', 1);
  return async (fault) => {
    const { content, envelope, onReply, isTampered, key = apiV3Key } = changesOf(fault);
    const plaintext = content(jsonReply(200, event.resource));
    const encrypted = encrypt(plaintext.body, key, kind);
    const draft = jsonReply(200, {
      id,
      create_time: event.createdAt,
      resource_type: 'encrypt-resource',
      event_type: event.eventType,
      summary: event.summary,
      resource: { original_type: kind, ...(isTampered ? tamper(encrypted, plaintext.body) : encrypted) },
    });
    const reply = await replySigner.sign({ ...envelope(draft), signWithNamedKey: true }, serialNo);
    return (await onReply?.(reply)) ?? reply;
  };
}

interface Changes extends Pick<ReturnType<typeof effectOf>, 'onReply'> {
  /** Changes the content before it is encrypted. */
  readonly content: (draft: DraftReply) => DraftReply;
  /** Changes the whole before it is signed. */
  readonly envelope: (draft: DraftReply) => DraftReply;
  readonly isTampered?: boolean;
  readonly key?: string;
}

/** Returns the changes of a fault, by stage. */
function changesOf(fault?: MockNotificationFault): Changes {
  const none = { content: identity, envelope: identity };
  if (fault === undefined) return none;
  if (fault.fault === 'tampered-ciphertext') return { ...none, isTampered: true };
  if (fault.fault === 'wrong-key') return { ...none, key: randomBytes(16).toString('hex') };
  const { onDraft = identity, onReply } = effectOf(fault);
  return CONTENT_FAULTS.includes(fault.fault)
    ? { ...none, content: onDraft }
    : { ...none, envelope: onDraft, onReply };
}

/**
 * Flips one bit of the last digit, usually of an amount: the plaintext stays readable, only the authentication tag reveals
 * the change.
 *
 * @throws {Error} if there is no digit
 */
function tamper(encrypted: Encrypted, text: Buffer): Encrypted {
  const bytes = Buffer.from(encrypted.ciphertext, 'base64');
  // GCM encrypts in CTR mode, so each byte keeps its position.
  const place = text.findLastIndex((byte) => byte >= DIGIT_0 && byte <= DIGIT_9);
  if (place === -1) throw new Error('There is no digit to tamper with in the resource.');
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  return { ...encrypted, ciphertext: bytes.toString('base64') };
}

function identity(draft: DraftReply): DraftReply {
  return draft;
}
