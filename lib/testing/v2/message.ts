import { randomBytes } from 'node:crypto';
import type { V2Fields } from '../../v2/xml.js';
import type { Answer } from '../http/exchange.js';
import type { V2Refusal } from './refusal.js';
import { replyXml } from './reply-xml.js';
import { signatureOf, type SignType } from './signature.js';

/** Fields of a message; undefined ones are left out. */
export type MaybeFields = Readonly<Record<string, string | number | undefined>>;

/** Result of a request: a message to sign, a refusal, or bytes as they are. */
export type Outcome = { readonly message: MaybeFields } | V2Refusal | Answer;

/** Changes that a behaviour makes to a message. */
export interface MessageChanges {
  /** Before it is signed. */
  readonly onFields?: (fields: V2Fields) => V2Fields;
  /** In place of the way that was asked for; `none` leaves the signature out. */
  readonly signType?: SignType | 'none';
  /** After it is signed. */
  readonly onSigned?: (fields: V2Fields) => V2Fields;
  readonly onXml?: (xml: string) => string;
}

/** The message that answers a genuine request, in the order of the fields that WeChat Pay has. */
export function successMessage(asked: MaybeFields, { device_info, ...content }: MaybeFields): MaybeFields {
  return { ...owner(asked), device_info, nonce_str: newNonce(), result_code: 'SUCCESS', ...content };
}

/** The message that refuses a genuine request. `recall` stands elsewhere than in a success. */
export function refusalMessage(asked: MaybeFields, { code, message, recall }: V2Refusal): MaybeFields {
  const reason = { err_code: code, err_code_des: message };
  return { ...owner(asked), recall, nonce_str: newNonce(), result_code: 'FAIL', ...reason };
}

/** The answer to a request that was not understood or not believed. Never signed: who asks is not known. */
export function unbelieved({ message, code }: V2Refusal): Answer {
  return { ...xmlAnswer(replyXml({ return_code: 'FAIL', return_msg: message })), code };
}

/** Signs a message and writes it down. */
export function signedAnswer(
  message: MaybeFields,
  { signType, apiV2Key }: { readonly signType: SignType; readonly apiV2Key: string },
  changes: MessageChanges,
): Answer {
  const { onFields = same, onSigned = same, onXml = same, signType: way = signType } = changes;
  const fields = onFields(withoutGaps(message));
  const signed = way === 'none' ? fields : withSign(fields, signatureOf(fields, way, apiV2Key));
  return xmlAnswer(onXml(replyXml(onSigned(signed))));
}

function owner({ appid, mch_id, sub_appid, sub_mch_id }: MaybeFields): MaybeFields {
  return { return_code: 'SUCCESS', return_msg: 'OK', appid, mch_id, sub_appid, sub_mch_id };
}

function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/** The signature stands after the nonce; in a message without one, at the end. */
function withSign(fields: V2Fields, sign: string): V2Fields {
  const entries = Object.entries(fields).flatMap((field) =>
    field[0] === 'nonce_str' ? [field, ['sign', sign] as const] : [field],
  );
  return { ...Object.fromEntries(entries), sign };
}

/** The fields that have a value, as texts. */
export function withoutGaps(message: MaybeFields): V2Fields {
  const present = Object.entries(message).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}

function xmlAnswer(xml: string): Answer {
  // The real service was seen to call its XML plain text.
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from(xml) };
}

function same<T>(value: T): T {
  return value;
}
