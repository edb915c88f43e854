import type { CloseOrderRef, OrderRef } from '../../../lib/domain/order-ref.js';
import type { HostCallOptions, OrderApi, OrderTerms } from '../../../lib/domain/ports/apis.js';
import type { CloseReply } from '../../../lib/domain/ports/close-reply.js';
import type { Order } from '../../../lib/domain/order.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { KeptErrors } from './kept-errors.js';

export type ModelState = 'ABSENT' | 'NOTPAY' | 'SUCCESS' | 'REFUND' | 'CLOSED' | 'REVOKED' | (string & {});

/** What others do to the order. Each happens if its state allows it. */
export type ModelEvent = 'create' | 'accept' | 'pay' | 'refund' | 'close' | 'reverse';

/** What goes wrong with a call; a truthful reply carries a verified signature if it is a success. */
export type CallFault =
  | 'lost before it took effect'
  | 'lost after it took effect'
  | 'signature refused'
  | 'SYSTEM_ERROR'
  | 'SYSTEM_ERROR, in 4 s'
  | 'SIGN_ERROR'
  | 'RULE_LIMIT'
  | 'unsigned ORDER_NOT_EXIST'
  | 'signed ORDER_NOT_EXIST'
  | 'state of before'
  | 'no effect'
  | 'ORDER_PAID'
  | 'ORDER_CLOSED'
  | 'TRADE_ERROR'
  | 'TRADE_ERROR, reverse it'
  | 'signed TRADE_ERROR'
  | 'TRADE_STATE_ERROR'
  | 'signed TRADE_STATE_ERROR'
  | 'not as promised';

export const QUERY_FAULTS: readonly CallFault[] = [
  'lost before it took effect',
  'signature refused',
  'SYSTEM_ERROR',
  'unsigned ORDER_NOT_EXIST',
  'signed ORDER_NOT_EXIST',
  'state of before',
];
export const CLOSE_FAULTS: readonly CallFault[] = [
  'lost before it took effect',
  'lost after it took effect',
  'signature refused',
  'SYSTEM_ERROR',
  'SIGN_ERROR',
  'unsigned ORDER_NOT_EXIST',
  'no effect',
  'ORDER_PAID',
  'ORDER_CLOSED',
  'TRADE_ERROR',
  'TRADE_ERROR, reverse it',
  'signed TRADE_STATE_ERROR',
];

/** A call that arrived, and the true state of the order when it was handled. */
export interface ModelCall {
  readonly kind: 'query' | 'close';
  readonly host?: string;
  readonly truth: ModelState;
}

export interface ModelPlan {
  readonly initial: ModelState;
  readonly tradeType?: string;
  /** Events by the moment: 2n is before the call number n is handled, 2n + 1 before its answer arrives. */
  readonly events?: ReadonlyMap<number, readonly ModelEvent[]>;
  /** Faults by the number of the call. */
  readonly faults?: ReadonlyMap<number, CallFault>;
  readonly signsRefusals?: boolean;
  /** APIv2 signs its refusals, tells the type of paid orders only, and has another word for what cannot be closed. */
  readonly isV2?: boolean;
  /** When the app says that the order was placed; the model has no clock of its own. */
  readonly createdAt?: Date;
  readonly hosts?: readonly string[];
}

/** A plan in which these calls go wrong. */
export const failing = (
  ...faults: readonly (readonly [call: number, fault: CallFault])[]
): Partial<ModelPlan> => ({ faults: new Map(faults) });

const OPEN: readonly ModelState[] = ['NOTPAY', 'USERPAYING', 'PAYERROR', 'ACCEPT'];
const RULES: Readonly<Record<ModelEvent, readonly [from: readonly ModelState[], to: ModelState]>> = {
  create: [['ABSENT'], 'NOTPAY'],
  accept: [['NOTPAY'], 'ACCEPT'],
  pay: [OPEN, 'SUCCESS'],
  refund: [['SUCCESS'], 'REFUND'],
  close: [['NOTPAY'], 'CLOSED'],
  reverse: [['NOTPAY', 'USERPAYING', 'PAYERROR'], 'REVOKED'],
};

export function canHappen(event: ModelEvent, state: ModelState): boolean {
  return RULES[event][0].includes(state);
}

/** One order in a WeChat Pay without wires: a state machine behind the port that the services work with. */
export class OrderModel implements OrderApi {
  readonly terms: OrderTerms;
  readonly calls: ModelCall[] = [];
  state: ModelState;
  readonly #plan: ModelPlan;
  #before: ModelState;

  constructor(plan: ModelPlan) {
    const { hosts = ['https://main', 'https://backup'] } = plan;
    this.terms = { merchant: 'default', timeoutMs: 10_000, minOrderAgeMs: 300_000, hosts };
    this.#plan = plan;
    this.state = plan.initial;
    this.#before = plan.initial;
  }

  async query(_ref: OrderRef, { host }: HostCallOptions = {}): Promise<Order> {
    const [read, fault] = this.#handle('query', host, () => this.state);
    if (fault === 'state of before') return this.#order(this.#before);
    if (fault !== undefined) throw failure(fault, 'query');
    return this.#order(read);
  }

  async close(_ref: CloseOrderRef): Promise<CloseReply> {
    const [refusal, fault] = this.#handle('close', undefined, () => this.#close());
    if (fault === 'no effect') return { outcome: 'closed' };
    if (fault === 'ORDER_CLOSED') {
      return { outcome: 'already-closed', refusal: refused(fault, 'close'), isProven: false };
    }
    if (fault !== undefined) throw failure(fault, 'close');
    if (refusal !== undefined) throw refused(refusal, 'close', this.#signsRefusals);
    return { outcome: 'closed' };
  }

  /** What is left of the plan after the flow: nothing more happens, nothing goes wrong any more. */
  settled(): OrderModel {
    return new OrderModel({
      ...this.#plan,
      initial: this.state,
      events: undefined,
      faults: undefined,
    });
  }

  get #signsRefusals(): boolean {
    return this.#plan.signsRefusals ?? this.#plan.isV2 ?? false;
  }

  #handle<T>(
    kind: ModelCall['kind'],
    host: string | undefined,
    take: () => T,
  ): readonly [T | undefined, CallFault | undefined] {
    const number = this.calls.length;
    const fault = this.#plan.faults?.get(number);
    this.#happen(2 * number);
    this.calls.push({ kind, truth: this.state, ...(host === undefined ? {} : { host }) });
    const takesEffect =
      fault === undefined || ['lost after it took effect', 'signature refused'].includes(fault);
    const taken = takesEffect ? take() : undefined;
    this.#happen(2 * number + 1);
    return [taken, fault];
  }

  #happen(moment: number): void {
    for (const event of this.#plan.events?.get(moment) ?? []) this.#apply(event);
  }

  #apply(event: ModelEvent): void {
    if (!canHappen(event, this.state)) return;
    this.#before = this.state;
    [, this.state] = RULES[event];
  }

  /** @returns why not */
  #close(): string | undefined {
    if (this.state === 'ABSENT') return 'ORDER_NOT_EXIST';
    if (['SUCCESS', 'REFUND'].includes(this.state)) return 'ORDER_PAID';
    if (this.#plan.tradeType === 'MICROPAY' || ['USERPAYING', 'PAYERROR'].includes(this.state)) {
      return this.#plan.isV2 ? 'TRADE_STATE_ERROR' : 'TRADE_ERROR, reverse it';
    }
    this.#apply('close');
    return undefined;
  }

  #order(state: ModelState = this.state): Order {
    if (state === 'ABSENT') throw refused('ORDER_NOT_EXIST', 'query', this.#signsRefusals);
    const { tradeType, isV2 = false } = this.#plan;
    const order = { mchid: '1900000001', outTradeNo: 'T1', tradeState: state, tradeStateDesc: '', raw: {} };
    const isTold = !isV2 || ['SUCCESS', 'REFUND'].includes(state);
    return tradeType === undefined || !isTold ? order : { ...order, tradeType };
  }
}

const failures = new KeptErrors();
const refusals = new KeptErrors<WxPayApiError>();

function failure(fault: CallFault, kind: ModelCall['kind']): Error {
  return failures.get(`${kind} ${fault}`, () => {
    if (fault.startsWith('lost')) return new WxPayTransportError(fault, { timedOut: true });
    if (fault === 'not as promised') return new WxPayProtocolError('$', 'The answer is not as promised.');
    if (fault === 'signature refused') return new WxPaySignatureError('mismatch');
    return refused(fault.replace(/^(un)?signed /, ''), kind, fault.startsWith('signed '));
  });
}

function refused(code: string, kind: ModelCall['kind'], signed = false): WxPayApiError {
  return refusals.get(`${code} ${kind} ${signed}`, () => newRefusal(code, kind, signed));
}

function newRefusal(code: string, kind: ModelCall['kind'], signed: boolean): WxPayApiError {
  const [name = '', reason] = code.split(', ');
  return new WxPayApiError({
    call: { operation: `order.${kind}`, subject: 'order T1', merchant: 'default' },
    code: name,
    httpStatus: 400,
    signed,
    ...(reason === 'reverse it' ? { requestId: '08F0-268449641' } : {}),
    ...(reason === 'in 4 s' ? { retryAfterMs: 4_000 } : {}),
  });
}
