import type { MockBehaviour, MockEncoding, MockPaymentMoment } from './behaviour.js';
import type { MockFaultKind } from './fault-policy.js';
import type { Subject } from './subject.js';

/** Request that a fault may be applied to. */
export interface FaultTarget {
  readonly api: 'APIv2' | 'APIv3';
  readonly operation: string;
  /** Signature algorithm that the client requests for the reply; APIv2 only. */
  readonly signType?: 'MD5' | 'HMAC-SHA256';
  readonly subject: Subject;
}

/** Kind of fault. */
export interface FaultKind {
  /** Returns true if the fault can be applied to the request. Default: always. */
  readonly applies?: (target: FaultTarget) => boolean;
  /** @param random number in [0, 1) that selects a variant of the fault */
  behaviour(random: number, target: FaultTarget): MockBehaviour;
}

const isV2 = ({ api }: FaultTarget) => api === 'APIv2';
const isV3 = ({ api }: FaultTarget) => api === 'APIv3';
const isQuery = ({ operation }: FaultTarget) => operation.endsWith('.query');
const isClose = ({ operation }: FaultTarget) => operation.endsWith('.close');
/** Placing orders and downloading certificates do not concern an existing order. */
const isAboutOrder = ({ operation }: FaultTarget) => /\.(query|close|reverse)$/.test(operation);
/** The reply to an APIv3 close consists of headers only. */
const hasBody = (target: FaultTarget) => isV2(target) || !isClose(target);

const HEADERS = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'];
const RANDOM_BOMB_BYTES = 4 * 1024 * 1024;
const PAGES = [500, 502, 503, 504];
const ENCODINGS: readonly MockEncoding[] = ['gzip', 'deflate', 'br'];
const MOMENTS: readonly MockPaymentMoment[] = ['before', 'during', 'after'];

/** All kinds of faults. */
export const FAULT_KINDS: Readonly<Record<MockFaultKind, FaultKind>> = {
  hang: { behaviour: (random) => ({ fault: 'hang', handled: random < 0.5 }) },
  drip: { behaviour: () => ({ fault: 'drip' }) },
  'lost-request': { behaviour: (random) => ({ fault: random < 0.5 ? 'reset' : 'close', handled: false }) },
  'lost-answer': { behaviour: (random) => ({ fault: random < 0.5 ? 'reset' : 'close' }) },
  'reset-mid-body': { applies: hasBody, behaviour: () => ({ fault: 'reset-mid-body' }) },
  html: { behaviour: (random) => ({ fault: 'html', status: pick(PAGES, random) }) },
  redirect: { behaviour: () => ({ fault: 'redirect' }) },
  'system-error': {
    behaviour: (_, target) =>
      isV2(target) ? { status: 200, code: 'SYSTEMERROR' } : { status: 500, code: 'SYSTEM_ERROR' },
  },
  'rate-limited': {
    behaviour: (_, target) =>
      isV2(target)
        ? { status: 200, code: 'FREQUENCY_LIMITED' }
        : { status: 429, code: 'FREQUENCY_LIMITED', headers: { 'Retry-After': '1' } },
  },
  // Signed over APIv2 in half of the cases, like a replayed refusal of another order: it contains neither an order number nor
  // a date.
  'order-not-exist': {
    applies: isAboutOrder,
    behaviour: (random, target) => ({
      ...(isV2(target) ? { status: 200, code: 'ORDERNOTEXIST' } : { status: 404, code: 'ORDER_NOT_EXIST' }),
      signed: isV2(target) && random < 0.5,
    }),
  },
  'order-paid': falseRefusal(isClose, 400, 'ORDER_PAID', 'ORDERPAID'),
  // Signed over APIv2, for the same reason.
  'order-closed': {
    applies: isClose,
    behaviour: (_, target) =>
      isV2(target)
        ? { status: 200, code: 'ORDERCLOSED' }
        : { status: 400, code: 'ORDER_CLOSED', signed: false },
  },
  'trade-error': falseRefusal(isClose, 403, 'TRADE_ERROR', 'TRADE_STATE_ERROR'),
  unsigned: { behaviour: () => ({ fault: 'unsigned' }) },
  'missing-header': {
    applies: isV3,
    behaviour: (random) => ({ fault: 'missing-header', header: pick(HEADERS, random) }),
  },
  'wrong-signature': { behaviour: () => ({ fault: 'wrong-signature' }) },
  'wrong-nonce': { applies: isV3, behaviour: () => ({ fault: 'wrong-nonce' }) },
  'unknown-serial': { applies: isV3, behaviour: () => ({ fault: 'unknown-serial' }) },
  probe: { applies: isV3, behaviour: () => ({ fault: 'probe' }) },
  stale: {
    applies: isV3,
    behaviour: (random) => ({ fault: 'timestamp', secondsOff: -secondsBeyondWindow(random) }),
  },
  future: {
    applies: isV3,
    behaviour: (random) => ({ fault: 'timestamp', secondsOff: secondsBeyondWindow(random) }),
  },
  'tampered-body': { behaviour: () => ({ fault: 'tampered-body' }) },
  // For a client that requested MD5, MD5 is not a downgrade.
  downgraded: {
    applies: ({ signType }) => signType === 'HMAC-SHA256',
    behaviour: () => ({ fault: 'downgraded' }),
  },
  swapped: {
    applies: (target) => isQuery(target) && target.subject.hasOther,
    behaviour: () => ({ fault: 'swapped' }),
  },
  'other-merchant': {
    applies: (target) => isAboutOrder(target) && hasBody(target),
    behaviour: () => ({ fault: 'other-merchant' }),
  },
  'wrong-content-type': { applies: hasBody, behaviour: () => ({ fault: 'wrong-content-type' }) },
  malformed: { applies: hasBody, behaviour: () => ({ fault: 'malformed' }) },
  'wrong-types': { applies: isQuery, behaviour: () => ({ fault: 'wrong-types' }) },
  decorated: { applies: isQuery, behaviour: () => ({ fault: 'decorated' }) },
  doctype: { applies: isV2, behaviour: () => ({ fault: 'doctype' }) },
  'duplicate-tag': { applies: isV2, behaviour: () => ({ fault: 'duplicate-tag' }) },
  recut: {
    applies: (target) => isV2(target) && isQuery(target),
    behaviour: () => ({ fault: 'recut' }),
  },
  oversize: { behaviour: () => ({ fault: 'oversize' }) },
  // Smaller than a scripted bomb: many may be in progress at once, created and read in one process.
  bomb: {
    behaviour: (random) => ({ fault: 'bomb', encoding: pick(ENCODINGS, random), bytes: RANDOM_BOMB_BYTES }),
  },
  'pay-during-close': {
    applies: (target) => isClose(target) && target.subject.isOpen,
    behaviour: (random) => ({ fault: 'pay-during-close', moment: pick(MOMENTS, random) }),
  },
};

/** Returns a false refusal. Unsigned, because WeChat Pay signs only true statements. */
function falseRefusal(
  applies: FaultKind['applies'],
  status: number,
  code: string,
  v2Code: string,
): FaultKind {
  return {
    applies,
    behaviour: (_, target) =>
      isV2(target) ? { status: 200, code: v2Code, signed: false } : { status, code, signed: false },
  };
}

/** Returns six minutes to an hour: replies count as fresh for five minutes. */
function secondsBeyondWindow(random: number): number {
  return 360 + Math.floor(random * 3240);
}

function pick<T>(items: readonly T[], random: number): T {
  // Sound: `random` is below 1, so the index is below the length.
  return items[Math.floor(random * items.length)] as T;
}
