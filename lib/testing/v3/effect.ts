import { randomBytes } from 'node:crypto';
import type {
  MockBehaviour,
  MockError,
  MockFault,
  MockPaymentMoment,
  MockReply,
} from '../faults/behaviour.js';
import { emptyReply, jsonReply, type DraftReply, type Reply } from '../http/exchange.js';
import {
  BOMB_BYTES,
  transportEffectOf,
  unknownFault,
  OTHER_MERCHANT,
  OVERSIZE_BYTES,
} from '../faults/transport-faults.js';
import type { Swap } from '../faults/subject.js';
import { decorate } from './decorate.js';
import { TRADE_ERROR } from './order-routes.js';
import { problemReply } from './problem.js';

/** Changes of a behaviour, by stage. */
export interface Effect {
  /** Replaces the processing of the request. */
  readonly replacement?: DraftReply;
  /** Pays the order first. */
  readonly paysOrder?: boolean;
  /** Order to return from queries instead of the requested one. */
  readonly swap?: Swap;
  /** Order of an earlier request, whose reply is repeated instead of processing this request. */
  readonly replays?: string;
  /** Changes the reply before it is signed. */
  readonly onDraft?: (draft: DraftReply) => DraftReply;
  /** Changes the reply after it is signed. */
  readonly onReply?: (reply: Reply) => Reply | Promise<Reply>;
}

/** Returns the changes of a behaviour. */
export function effectOf(behaviour: MockBehaviour): Effect {
  if ('code' in behaviour && behaviour.code !== undefined) return { replacement: errorReply(behaviour) };
  if ('reply' in behaviour && behaviour.reply !== undefined) return { replacement: customReply(behaviour) };
  if ('fault' in behaviour && behaviour.fault !== undefined) return effectOfFault(behaviour);
  return {};
}

function effectOfFault(fault: MockFault): Effect {
  switch (fault.fault) {
    case 'unsigned':
      return { onDraft: (draft) => ({ ...draft, signed: false }) };
    case 'timestamp':
      return { onDraft: (draft) => ({ ...draft, secondsOff: fault.secondsOff }) };
    case 'oversize':
      return { onDraft: (draft) => pad(draft, fault.bytes ?? OVERSIZE_BYTES) };
    case 'wrong-signature':
      return setHeader('Wechatpay-Signature', () => randomBytes(256).toString('base64'));
    case 'probe':
      return setHeader('Wechatpay-Signature', (signature) => `WECHATPAY/SIGNTEST/${signature}`);
    case 'wrong-nonce':
      return setHeader('Wechatpay-Nonce', () => randomBytes(16).toString('hex'));
    case 'unknown-serial':
      return setHeader('Wechatpay-Serial', () => 'PUB_KEY_ID_0000000000000000000000000000000000');
    case 'wrong-content-type':
      return setHeader('Content-Type', () => 'text/plain');
    case 'missing-header':
      return { onReply: (reply) => withoutHeader(reply, fault.header) };
    case 'tampered-body':
      return { onReply: tamper };
    case 'other-merchant':
      return { onDraft: fromOtherMerchant };
    case 'malformed':
      return { onDraft: cutInHalf };
    case 'wrong-types':
      return { onDraft: withWrongTypes };
    case 'decorated':
      return { onDraft: decorate };
    case 'bomb':
      return {
        ...transportEffectOf(fault),
        onDraft: (draft) => pad(draft, fault.bytes ?? BOMB_BYTES),
      };
    case 'replayed':
      return { replays: fault.outTradeNo };
    case 'swapped':
      return { swap: { outTradeNo: fault.outTradeNo } };
    case 'pay-during-close':
      return { paysOrder: true, replacement: closeRefusal(fault.moment) };
    default:
      return transportEffectOf(fault) ?? unknownFault('APIv3', fault);
  }
}

function errorReply({ status, code, message = code, detail, signed, headers }: MockError): DraftReply {
  const draft = problemReply({ status, code, message, detail });
  return { ...draft, signed, headers: { ...draft.headers, ...headers } };
}

function customReply({ reply: { status, body, signed, headers } }: MockReply): DraftReply {
  const draft = replyWith(status, body);
  return { ...draft, signed, headers: { ...draft.headers, ...headers } };
}

function replyWith(status: number, body: unknown): DraftReply {
  if (body === undefined) return emptyReply(status);
  if (typeof body === 'string' || body instanceof Uint8Array) return { status, body: Buffer.from(body) };
  return jsonReply(status, body);
}

// Blanks keep the JSON valid, so a client that reads without a limit, or without verifying, does not notice.
function pad(draft: DraftReply, bytes: number): DraftReply {
  const blanks = Buffer.alloc(Math.max(0, bytes - draft.body.length), ' ');
  return withBody(draft, Buffer.concat([draft.body, blanks]));
}

function fromOtherMerchant(draft: DraftReply): DraftReply {
  const text = draft.body.toString('utf8');
  return {
    ...draft,
    body: Buffer.from(text.replaceAll(/("(?:sp_|combine_)?mchid":)"\d+"/g, `$1"${OTHER_MERCHANT}"`)),
  };
}

// Truncates the JSON.
function cutInHalf(draft: DraftReply): DraftReply {
  const { body } = draft;
  return withBody(draft, body.length > 0 ? body.subarray(0, Math.ceil(body.length / 2)) : Buffer.from('{'));
}

/** Writes numbers as strings and states as numbers. The fields that identify the order are not changed. */
function withWrongTypes(draft: DraftReply): DraftReply {
  if (draft.body.length === 0) return draft;
  const body: unknown = JSON.parse(draft.body.toString('utf8'), (name, value: unknown) => {
    if (typeof value === 'number') return String(value);
    return name === 'trade_state' ? 0 : value;
  });
  return { ...draft, body: Buffer.from(JSON.stringify(body)) };
}

function closeRefusal(moment: MockPaymentMoment = 'before'): DraftReply | undefined {
  if (moment === 'before') return undefined;
  return moment === 'during'
    ? problemReply({ status: 500, code: 'SYSTEM_ERROR', message: '系统异常，请稍后重试' })
    : problemReply(TRADE_ERROR);
}

function tamper(reply: Reply): Reply {
  return withBody(reply, Buffer.concat([reply.body, Buffer.from(' ')]));
}

function withBody<T extends DraftReply | Reply>(message: T, body: Buffer): T {
  // A 204 cannot carry a body.
  return { ...message, status: message.status === 204 ? 200 : message.status, body };
}

function setHeader(name: string, value: (current: string) => string): Effect {
  return {
    onReply: (reply) => {
      const current = reply.headers[name];
      // Only replace existing headers: an unsigned refusal stays unsigned.
      return current === undefined
        ? reply
        : { ...reply, headers: { ...reply.headers, [name]: value(current) } };
    },
  };
}

function withoutHeader(reply: Reply, header: string): Reply {
  const kept = Object.entries(reply.headers).filter(([name]) => name.toLowerCase() !== header.toLowerCase());
  return { ...reply, headers: Object.fromEntries(kept) };
}
