import { randomBytes } from 'node:crypto';
import type { V2Fields } from '../../v2/xml.js';
import type { DraftReply } from '../http/exchange.js';
import type { V2Refusal } from './refusal.js';
import { replyXml } from './reply-xml.js';
import { signatureOf, type SignType } from './signature.js';

/** Fields of a message; undefined ones are left out. */
export type MaybeFields = Readonly<Record<string, string | number | undefined>>;

/** Result of a request: a message to sign, a refusal, or bytes as they are. */
export type Outcome = { readonly message: MaybeFields } | V2Refusal | DraftReply;

/** Changes that a behaviour makes to a message. */
export interface MessageChanges {
  /** Changes the fields before signing. */
  readonly onFields?: (fields: V2Fields) => V2Fields;
  /** Replaces the requested algorithm; `none` leaves the signature out. */
  readonly signType?: SignType | 'none';
  /** Changes the fields after signing. */
  readonly onSigned?: (fields: V2Fields) => V2Fields;
  readonly onXml?: (xml: string) => string;
}

/** Creates the success message for an authenticated request, with the fields in WeChat Pay's order. */
export function successMessage(request: MaybeFields, { device_info, ...content }: MaybeFields): MaybeFields {
  return { ...ownerFields(request), device_info, nonce_str: newNonce(), result_code: 'SUCCESS', ...content };
}

/** Creates the refusal of an authenticated request. `recall` has another position than in a success. */
export function refusalMessage(request: MaybeFields, { code, message, recall }: V2Refusal): MaybeFields {
  const reason = { err_code: code, err_code_des: message };
  return { ...ownerFields(request), recall, nonce_str: newNonce(), result_code: 'FAIL', ...reason };
}

/** Creates the refusal of layer `message`. WeChat Pay never signs it: in most cases the merchant is unknown. */
export function unsignedRefusal({ message, code }: V2Refusal): DraftReply {
  return { ...xmlReply(replyXml({ return_code: 'FAIL', return_msg: message })), code };
}

/** Signs a message and formats it as XML. */
export function signedReply(
  message: MaybeFields,
  { signType, apiV2Key }: { readonly signType: SignType; readonly apiV2Key: string },
  changes: MessageChanges,
): DraftReply {
  const {
    onFields = identity,
    onSigned = identity,
    onXml = identity,
    signType: actualSignType = signType,
  } = changes;
  const fields = onFields(definedFields(message));
  const signed =
    actualSignType === 'none' ? fields : withSign(fields, signatureOf(fields, actualSignType, apiV2Key));
  return xmlReply(onXml(replyXml(onSigned(signed))));
}

function ownerFields({ appid, mch_id, sub_appid, sub_mch_id }: MaybeFields): MaybeFields {
  return { return_code: 'SUCCESS', return_msg: 'OK', appid, mch_id, sub_appid, sub_mch_id };
}

function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/** Adds the signature after the nonce; without a nonce, at the end. */
function withSign(fields: V2Fields, sign: string): V2Fields {
  const entries = Object.entries(fields).flatMap((field) =>
    field[0] === 'nonce_str' ? [field, ['sign', sign] as const] : [field],
  );
  return { ...Object.fromEntries(entries), sign };
}

/** Returns the defined fields as strings. */
export function definedFields(message: MaybeFields): V2Fields {
  const defined = Object.entries(message).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined.map(([name, value]) => [name, String(value)]));
}

function xmlReply(xml: string): DraftReply {
  // The real service was observed to send XML as plain text.
  return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: Buffer.from(xml) };
}

function identity<T>(value: T): T {
  return value;
}
