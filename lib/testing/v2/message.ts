import { randomBytes } from 'node:crypto';
import { formatXml, type V2Fields } from '../../v2/xml.js';
import type { Answer } from '../exchange.js';
import type { V2Refusal } from './refusal.js';
import { signatureOf, type SignType } from './signature.js';

/** Fields of a message; undefined ones are left out. */
export type MaybeFields = Readonly<Record<string, string | number | undefined>>;

/** What a behaviour changes about a message. */
export interface MessageChanges {
  /** Before it is signed. */
  readonly onFields?: (fields: V2Fields) => V2Fields;
  /** In place of the way that was asked for; `none` leaves the signature out. */
  readonly signType?: SignType | 'none';
  /** After it is signed. */
  readonly onSigned?: (fields: V2Fields) => V2Fields;
  readonly onXml?: (xml: string) => string;
}

/** The message that answers a genuine request. */
export function successMessage(asked: V2Fields, content: MaybeFields): MaybeFields {
  return { ...layers(asked), result_code: 'SUCCESS', ...content };
}

/** The message that refuses a genuine request. */
export function refusalMessage(asked: V2Fields, { code, message, recall }: V2Refusal): MaybeFields {
  return { ...layers(asked), result_code: 'FAIL', err_code: code, err_code_des: message, recall };
}

/** The answer to a request that was not understood or not believed. Never signed: who asks is not known. */
export function unbelieved({ message, code }: V2Refusal): Answer {
  return { ...xmlAnswer(formatXml({ return_code: 'FAIL', return_msg: message })), code };
}

/** Signs a message and writes it down. */
export function signedAnswer(
  message: MaybeFields,
  { signType, apiV2Key }: { readonly signType: SignType; readonly apiV2Key: string },
  changes: MessageChanges,
): Answer {
  const { onFields = same, onSigned = same, onXml = same, signType: way = signType } = changes;
  const fields = onFields(withoutGaps(message));
  const signed = way === 'none' ? fields : { ...fields, sign: signatureOf(fields, way, apiV2Key) };
  return xmlAnswer(onXml(formatXml(onSigned(signed))));
}

function layers({ appid, mch_id, sub_appid, sub_mch_id }: V2Fields): MaybeFields {
  const nonce = randomBytes(16).toString('hex');
  return { return_code: 'SUCCESS', return_msg: 'OK', appid, mch_id, sub_appid, sub_mch_id, nonce_str: nonce };
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
