import { randomBytes } from 'node:crypto';
import type {
  MockBehaviour,
  MockError,
  MockFault,
  MockPaymentMoment,
  MockReply,
} from '../faults/behaviour.js';
import { emptyAnswer, jsonAnswer, type Answer, type Reply } from '../http/exchange.js';
import {
  BOMB_BYTES,
  frontEffectOf,
  noFaultOf,
  OTHER_MERCHANT,
  OVERSIZE_BYTES,
} from '../faults/front-faults.js';
import type { Swap } from '../faults/subject.js';
import { decorated } from './decorated.js';
import { TRADE_ERROR } from './order-routes.js';
import { problemAnswer } from './problem.js';

/** What a behaviour changes, by the stage at which it does so. */
export interface Effect {
  /** Answered in place of handling the request. */
  readonly instead?: Answer;
  /** Pays the order before anything else. */
  readonly pays?: boolean;
  /** The order that every query finds in place of the one asked for. */
  readonly swap?: Swap;
  /** The order of an earlier request: its reply is given once more, in place of handling this one. */
  readonly replays?: string;
  /** Changes the answer before it is signed. */
  readonly onAnswer?: (answer: Answer) => Answer;
  /** Changes the reply after it is signed. */
  readonly onReply?: (reply: Reply) => Reply | Promise<Reply>;
}

/** Translates a behaviour into what it changes. */
export function effectOf(behaviour: MockBehaviour): Effect {
  if ('code' in behaviour && behaviour.code !== undefined) return { instead: errorAnswer(behaviour) };
  if ('reply' in behaviour && behaviour.reply !== undefined) return { instead: freeAnswer(behaviour) };
  if ('fault' in behaviour && behaviour.fault !== undefined) return effectOfFault(behaviour);
  return {};
}

function effectOfFault(fault: MockFault): Effect {
  switch (fault.fault) {
    case 'unsigned':
      return { onAnswer: (answer) => ({ ...answer, signed: false }) };
    case 'timestamp':
      return { onAnswer: (answer) => ({ ...answer, secondsOff: fault.secondsOff }) };
    case 'oversize':
      return { onAnswer: (answer) => padded(answer, fault.bytes ?? OVERSIZE_BYTES) };
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
      return { onReply: (reply) => without(reply, fault.header) };
    case 'tampered-body':
      return { onReply: tampered };
    case 'other-merchant':
      return { onAnswer: ofOtherMerchant };
    case 'malformed':
      return { onAnswer: cutInHalf };
    case 'wrong-types':
      return { onAnswer: withWrongTypes };
    case 'decorated':
      return { onAnswer: decorated };
    case 'bomb':
      return {
        ...frontEffectOf(fault),
        onAnswer: (answer) => padded(answer, fault.bytes ?? BOMB_BYTES),
      };
    case 'replayed':
      return { replays: fault.outTradeNo };
    case 'swapped':
      return { swap: { outTradeNo: fault.outTradeNo } };
    case 'pay-during-close':
      return { pays: true, instead: closeRefusal(fault.moment) };
    default:
      return frontEffectOf(fault) ?? noFaultOf('APIv3', fault);
  }
}

function errorAnswer({ status, code, message = code, detail, signed, headers }: MockError): Answer {
  const answer = problemAnswer({ status, code, message, detail });
  return { ...answer, signed, headers: { ...answer.headers, ...headers } };
}

function freeAnswer({ reply: { status, body, signed, headers } }: MockReply): Answer {
  const answer = answerWith(status, body);
  return { ...answer, signed, headers: { ...answer.headers, ...headers } };
}

function answerWith(status: number, body: unknown): Answer {
  if (body === undefined) return emptyAnswer(status);
  if (typeof body === 'string' || body instanceof Uint8Array) return { status, body: Buffer.from(body) };
  return jsonAnswer(status, body);
}

// Blanks keep JSON valid: a client that reads without limit, or without verifying, notices nothing.
function padded(answer: Answer, bytes: number): Answer {
  const blanks = Buffer.alloc(Math.max(0, bytes - answer.body.length), ' ');
  return withBody(answer, Buffer.concat([answer.body, blanks]));
}

function ofOtherMerchant(answer: Answer): Answer {
  const text = answer.body.toString('utf8');
  return {
    ...answer,
    body: Buffer.from(text.replaceAll(/("(?:sp_|combine_)?mchid":)"\d+"/g, `$1"${OTHER_MERCHANT}"`)),
  };
}

// JSON that ends before its end.
function cutInHalf(answer: Answer): Answer {
  const { body } = answer;
  return withBody(answer, body.length > 0 ? body.subarray(0, Math.ceil(body.length / 2)) : Buffer.from('{'));
}

/** Numbers told as texts, and states as numbers; what identifies the order stays as it is. */
function withWrongTypes(answer: Answer): Answer {
  if (answer.body.length === 0) return answer;
  const body: unknown = JSON.parse(answer.body.toString('utf8'), (name, value: unknown) => {
    if (typeof value === 'number') return String(value);
    return name === 'trade_state' ? 0 : value;
  });
  return { ...answer, body: Buffer.from(JSON.stringify(body)) };
}

function closeRefusal(moment: MockPaymentMoment = 'before'): Answer | undefined {
  if (moment === 'before') return undefined;
  return moment === 'during'
    ? problemAnswer({ status: 500, code: 'SYSTEM_ERROR', message: '系统异常，请稍后重试' })
    : problemAnswer(TRADE_ERROR);
}

function tampered(reply: Reply): Reply {
  return withBody(reply, Buffer.concat([reply.body, Buffer.from(' ')]));
}

function withBody<T extends Answer | Reply>(message: T, body: Buffer): T {
  // A 204 cannot carry a body.
  return { ...message, status: message.status === 204 ? 200 : message.status, body };
}

function setHeader(name: string, value: (present: string) => string): Effect {
  return {
    onReply: (reply) => {
      const present = reply.headers[name];
      // What is not there cannot be wrong: an unsigned refusal stays unsigned.
      return present === undefined
        ? reply
        : { ...reply, headers: { ...reply.headers, [name]: value(present) } };
    },
  };
}

function without(reply: Reply, header: string): Reply {
  const kept = Object.entries(reply.headers).filter(([name]) => name.toLowerCase() !== header.toLowerCase());
  return { ...reply, headers: Object.fromEntries(kept) };
}
