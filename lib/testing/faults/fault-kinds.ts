import type { MockBehaviour, MockEncoding, MockPaymentMoment } from './behaviour.js';
import type { MockFaultKind } from './fault-policy.js';
import type { Subject } from './subject.js';

/** A request that a fault may strike. */
export interface Asked {
  readonly api: 'APIv2' | 'APIv3';
  readonly operation: string;
  /** Of APIv2: how the client wants the answer signed. */
  readonly signType?: 'MD5' | 'HMAC-SHA256';
  readonly subject: Subject;
}

/** One kind of fault. */
export interface FaultKind {
  /** Whether a request can go wrong in this way. Default: every one can. */
  readonly applies?: (asked: Asked) => boolean;
  /** @param dice from 0 to below 1: decides what the kind leaves open */
  behaviour(dice: number, asked: Asked): MockBehaviour;
}

const isV2 = ({ api }: Asked) => api === 'APIv2';
const isV3 = ({ api }: Asked) => api === 'APIv3';
const isQuery = ({ operation }: Asked) => operation.endsWith('.query');
const isClose = ({ operation }: Asked) => operation.endsWith('.close');
/** Placing orders and downloading certificates are not about an order that exists. */
const isAboutOrder = ({ operation }: Asked) => /\.(query|close|reverse)$/.test(operation);
/** A close over APIv3 is answered with nothing but headers. */
const hasBody = (asked: Asked) => isV2(asked) || !isClose(asked);

const HEADERS = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'];
const RANDOM_BOMB_BYTES = 4 * 1024 * 1024;
const PAGES = [500, 502, 503, 504];
const ENCODINGS: readonly MockEncoding[] = ['gzip', 'deflate', 'br'];
const MOMENTS: readonly MockPaymentMoment[] = ['before', 'during', 'after'];

/** Every kind there is. */
export const FAULT_KINDS: Readonly<Record<MockFaultKind, FaultKind>> = {
  hang: { behaviour: (dice) => ({ fault: 'hang', handled: dice < 0.5 }) },
  drip: { behaviour: () => ({ fault: 'drip' }) },
  'lost-request': { behaviour: (dice) => ({ fault: dice < 0.5 ? 'reset' : 'close', handled: false }) },
  'lost-answer': { behaviour: (dice) => ({ fault: dice < 0.5 ? 'reset' : 'close' }) },
  'reset-mid-body': { applies: hasBody, behaviour: () => ({ fault: 'reset-mid-body' }) },
  html: { behaviour: (dice) => ({ fault: 'html', status: one(PAGES, dice) }) },
  redirect: { behaviour: () => ({ fault: 'redirect' }) },
  'system-error': {
    behaviour: (_, asked) =>
      isV2(asked) ? { status: 200, code: 'SYSTEMERROR' } : { status: 500, code: 'SYSTEM_ERROR' },
  },
  'rate-limited': {
    behaviour: (_, asked) =>
      isV2(asked)
        ? { status: 200, code: 'FREQUENCY_LIMITED' }
        : { status: 429, code: 'FREQUENCY_LIMITED', headers: { 'Retry-After': '1' } },
  },
  // Over APIv2 also one that is signed, as one about another order that is sent once more: it names none and has no date.
  'order-not-exist': {
    applies: isAboutOrder,
    behaviour: (dice, asked) => ({
      ...(isV2(asked) ? { status: 200, code: 'ORDERNOTEXIST' } : { status: 404, code: 'ORDER_NOT_EXIST' }),
      signed: isV2(asked) && dice < 0.5,
    }),
  },
  'order-paid': untrue(isClose, 400, 'ORDER_PAID', 'ORDERPAID'),
  // Over APIv2 one that is signed, as before.
  'order-closed': {
    applies: isClose,
    behaviour: (_, asked) =>
      isV2(asked)
        ? { status: 200, code: 'ORDERCLOSED' }
        : { status: 400, code: 'ORDER_CLOSED', signed: false },
  },
  'trade-error': untrue(isClose, 403, 'TRADE_ERROR', 'TRADE_STATE_ERROR'),
  unsigned: { behaviour: () => ({ fault: 'unsigned' }) },
  'missing-header': {
    applies: isV3,
    behaviour: (dice) => ({ fault: 'missing-header', header: one(HEADERS, dice) }),
  },
  'wrong-signature': { behaviour: () => ({ fault: 'wrong-signature' }) },
  'wrong-nonce': { applies: isV3, behaviour: () => ({ fault: 'wrong-nonce' }) },
  'unknown-serial': { applies: isV3, behaviour: () => ({ fault: 'unknown-serial' }) },
  probe: { applies: isV3, behaviour: () => ({ fault: 'probe' }) },
  stale: { applies: isV3, behaviour: (dice) => ({ fault: 'timestamp', secondsOff: -beyondWindow(dice) }) },
  future: { applies: isV3, behaviour: (dice) => ({ fault: 'timestamp', secondsOff: beyondWindow(dice) }) },
  'tampered-body': { behaviour: () => ({ fault: 'tampered-body' }) },
  // Where MD5 was asked for, MD5 is right.
  downgraded: {
    applies: ({ signType }) => signType === 'HMAC-SHA256',
    behaviour: () => ({ fault: 'downgraded' }),
  },
  swapped: {
    applies: (asked) => isQuery(asked) && asked.subject.hasOther,
    behaviour: () => ({ fault: 'swapped' }),
  },
  'other-merchant': {
    applies: (asked) => isAboutOrder(asked) && hasBody(asked),
    behaviour: () => ({ fault: 'other-merchant' }),
  },
  'wrong-content-type': { applies: hasBody, behaviour: () => ({ fault: 'wrong-content-type' }) },
  malformed: { applies: hasBody, behaviour: () => ({ fault: 'malformed' }) },
  'wrong-types': { applies: isQuery, behaviour: () => ({ fault: 'wrong-types' }) },
  decorated: { applies: isQuery, behaviour: () => ({ fault: 'decorated' }) },
  doctype: { applies: isV2, behaviour: () => ({ fault: 'doctype' }) },
  'duplicate-tag': { applies: isV2, behaviour: () => ({ fault: 'duplicate-tag' }) },
  recut: {
    applies: (asked) => isV2(asked) && isQuery(asked),
    behaviour: () => ({ fault: 'recut' }),
  },
  oversize: { behaviour: () => ({ fault: 'oversize' }) },
  // Less than a scripted one: many may be under way at a time, all made and read in one process.
  bomb: {
    behaviour: (dice) => ({ fault: 'bomb', encoding: one(ENCODINGS, dice), bytes: RANDOM_BOMB_BYTES }),
  },
  'pay-during-close': {
    applies: (asked) => isClose(asked) && asked.subject.isOpen,
    behaviour: (dice) => ({ fault: 'pay-during-close', moment: one(MOMENTS, dice) }),
  },
};

/** A refusal without a reason. Unsigned: what WeChat Pay signs is true. */
function untrue(applies: FaultKind['applies'], status: number, code: string, v2Code: string): FaultKind {
  return {
    applies,
    behaviour: (_, asked) =>
      isV2(asked) ? { status: 200, code: v2Code, signed: false } : { status, code, signed: false },
  };
}

/** From six minutes to an hour: replies count as fresh for five. */
function beyondWindow(dice: number): number {
  return 360 + Math.floor(dice * 3240);
}

function one<T>(items: readonly T[], dice: number): T {
  // Below the length, as the dice are below 1.
  return items[Math.floor(dice * items.length)] as T;
}
