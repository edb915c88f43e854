import { randomBytes, randomUUID } from 'node:crypto';
import { jsonAnswer, type Answer } from '../http/exchange.js';
import type { MockNotificationFault } from './notification-fault.js';
import type { Compose } from './notification-post.js';
import { effectOf } from '../v3/effect.js';
import { encrypt, type Encrypted } from '../v3/encrypted.js';
import type { Sealer } from '../v3/sealer.js';

/** Faults of what is told; the others are of the envelope. */
const CONTENT_FAULTS: readonly string[] = ['other-merchant', 'wrong-types', 'decorated'];

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

/** What APIv3 notifies of. */
export interface V3Event {
  readonly eventType: string;
  readonly summary: string;
  /** Told in encrypted form. */
  readonly resource: object;
  readonly createdAt: string;
}

/** What seals a notification. */
export interface V3Seal {
  readonly sealer: Sealer;
  readonly apiV3Key: string;
  /** The platform key that signs; undefined for the usual one. */
  readonly serialNo?: string;
}

/**
 * A notification of APIv3.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791861
 */
export function v3Notification(event: V3Event, { sealer, apiV3Key, serialNo }: V3Seal): Compose {
  const id = randomUUID();
  const [kind = ''] = event.eventType.toLowerCase().split('.', 1);
  return async (fault) => {
    const { content, envelope, onReply, isTampered, key = apiV3Key } = changesOf(fault);
    const told = content(jsonAnswer(200, event.resource));
    const encrypted = encrypt(told.body, key, kind);
    const answer = jsonAnswer(200, {
      id,
      create_time: event.createdAt,
      resource_type: 'encrypt-resource',
      event_type: event.eventType,
      summary: event.summary,
      resource: { original_type: kind, ...(isTampered ? tampered(encrypted, told.body) : encrypted) },
    });
    const sealed = await sealer.seal({ ...envelope(answer), signedAsNamed: true }, serialNo);
    return (await onReply?.(sealed)) ?? sealed;
  };
}

interface Changes extends Pick<ReturnType<typeof effectOf>, 'onReply'> {
  /** Of what is told, before it is encrypted. */
  readonly content: (answer: Answer) => Answer;
  /** Of the whole, before it is signed. */
  readonly envelope: (answer: Answer) => Answer;
  readonly isTampered?: boolean;
  readonly key?: string;
}

/** What a fault changes, by the stage at which it does so. */
function changesOf(fault?: MockNotificationFault): Changes {
  const none = { content: same, envelope: same };
  if (fault === undefined) return none;
  if (fault.fault === 'tampered-ciphertext') return { ...none, isTampered: true };
  if (fault.fault === 'wrong-key') return { ...none, key: randomBytes(16).toString('hex') };
  const { onAnswer = same, onReply } = effectOf(fault);
  return CONTENT_FAULTS.includes(fault.fault)
    ? { ...none, content: onAnswer }
    : { ...none, envelope: onAnswer, onReply };
}

/**
 * One bit of the last digit changed, of an amount as a rule: the text stays readable, and only the tag tells.
 *
 * @throws {Error} if there is no digit
 */
function tampered(encrypted: Encrypted, text: Buffer): Encrypted {
  const bytes = Buffer.from(encrypted.ciphertext, 'base64');
  // The mode of encryption keeps each byte in its place.
  const place = text.findLastIndex((byte) => byte >= DIGIT_0 && byte <= DIGIT_9);
  if (place === -1) throw new Error('There is no digit to tamper with in the resource.');
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  return { ...encrypted, ciphertext: bytes.toString('base64') };
}

function same(answer: Answer): Answer {
  return answer;
}
