import { randomBytes } from 'node:crypto';
import type { V2Fields } from '../../v2/xml.js';
import type {
  MockBehaviour,
  MockError,
  MockFault,
  MockPaymentMoment,
  MockReply,
} from '../faults/behaviour.js';
import { emptyReply, type Reply } from '../http/exchange.js';
import {
  BOMB_BYTES,
  transportEffectOf,
  unknownFault,
  OTHER_MERCHANT,
  OVERSIZE_BYTES,
} from '../faults/transport-faults.js';
import type { Swap } from '../faults/subject.js';
import { decorate } from './decorate.js';
import type { MessageChanges, Outcome } from './message.js';
import { tradeStateError } from './order-routes.js';
import { RECUT } from './recut.js';
import { businessRefusal } from './refusal.js';

/** Changes of a behaviour, by stage. */
export interface V2Effect extends MessageChanges {
  /** Replaces the processing of the request: a refusal, fields to sign, or raw bytes. */
  readonly replacement?: Outcome;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Pays the order first. */
  readonly paysOrder?: boolean;
  /** Order to return from queries instead of the requested one. */
  readonly swap?: Swap;
  readonly onReply?: (reply: Reply) => Reply | Promise<Reply>;
}

const DOCTYPE = '<!DOCTYPE xml [<!ENTITY file SYSTEM "file:///etc/hostname">]>';

/** Returns the changes of a behaviour. */
export function v2EffectOf(behaviour: MockBehaviour): V2Effect {
  if ('code' in behaviour && behaviour.code !== undefined) return errorEffect(behaviour);
  if ('reply' in behaviour && behaviour.reply !== undefined) return replyEffect(behaviour);
  if ('fault' in behaviour && behaviour.fault !== undefined) return faultEffect(behaviour);
  return {};
}

function faultEffect(fault: MockFault): V2Effect {
  switch (fault.fault) {
    case 'unsigned':
      return { signType: 'none' };
    case 'downgraded':
      return { signType: 'MD5' };
    case 'wrong-signature':
      return { onSigned: withRandomSignature };
    case 'tampered-body':
      return { onSigned: (fields) => ({ ...fields, nonce_str: `${fields.nonce_str ?? ''}x` }) };
    case 'other-merchant':
      return { onFields: (fields) => ({ ...fields, mch_id: OTHER_MERCHANT }) };
    case 'recut':
      return RECUT;
    case 'swapped':
      return { swap: { outTradeNo: fault.outTradeNo } };
    case 'pay-during-close':
      return { paysOrder: true, replacement: closeRefusal(fault.moment) };
    case 'malformed':
      return { onXml: (xml) => xml.slice(0, Math.ceil(xml.length / 2)) };
    case 'wrong-types':
      return { onFields: (fields) => ({ ...fields, total_fee: 'much', time_end: 'soon' }) };
    case 'decorated':
      return { onFields: decorate };
    case 'bomb':
      return { ...transportEffectOf(fault), onXml: (xml) => pad(xml, fault.bytes ?? BOMB_BYTES) };
    case 'doctype':
      return { onXml: (xml) => DOCTYPE + xml.replace('</xml>', '<device_info>&file;</device_info></xml>') };
    case 'duplicate-tag':
      return { onXml: (xml) => xml.replace(/<nonce_str>.*?<\/nonce_str>/, '$&$&') };
    case 'oversize':
      return { onXml: (xml) => pad(xml, fault.bytes ?? OVERSIZE_BYTES) };
    case 'wrong-content-type':
      return { headers: { 'Content-Type': 'text/html' } };
    default:
      return transportEffectOf(fault) ?? unknownFault('APIv2', fault);
  }
}

function errorEffect({ code, message = code, status, signed, headers, recall }: MockError): V2Effect {
  return {
    replacement: businessRefusal(code, message, recall === undefined ? undefined : recall ? 'Y' : 'N'),
    status,
    headers,
    signType: signed === false ? 'none' : undefined,
  };
}

function replyEffect({ reply: { status, body, signed, headers } }: MockReply): V2Effect {
  const signType = signed === false ? 'none' : undefined;
  return { replacement: contentOf(status, body), status, headers, signType };
}

function contentOf(status: number, body: unknown): Outcome {
  if (body === undefined) return emptyReply(status);
  if (typeof body === 'string' || body instanceof Uint8Array) return { status, body: Buffer.from(body) };
  if (typeof body !== 'object' || body === null) {
    throw new Error('A reply of APIv2 needs a text, bytes, or an object of fields as its body.');
  }
  const entries = Object.entries(body).map(([name, value]) => [name, String(value)] as const);
  return { message: Object.fromEntries(entries) };
}

function closeRefusal(moment: MockPaymentMoment = 'before'): Outcome | undefined {
  if (moment === 'before') return undefined;
  return moment === 'during' ? businessRefusal('SYSTEMERROR', '系统超时') : tradeStateError();
}

// Blanks after the root element keep the XML valid, so a client without a size limit does not notice.
function pad(xml: string, bytes: number): string {
  return xml + ' '.repeat(Math.max(0, bytes - Buffer.byteLength(xml)));
}

/** Replaces the signature by random characters of the same length. */
function withRandomSignature(fields: V2Fields): V2Fields {
  if (fields.sign === undefined) return fields;
  const signature = randomBytes(fields.sign.length / 2).toString('hex');
  return { ...fields, sign: signature.toUpperCase() };
}
