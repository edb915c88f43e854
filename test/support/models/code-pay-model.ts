import type { CheckedCodePay } from '../../../lib/domain/placing/code-pay-request.js';
import type { CodePayApi } from '../../../lib/domain/ports/code-pay-api.js';
import type {
  HostCallOptions,
  OrderTerms,
  ReverseApi,
  ReverseReply,
} from '../../../lib/domain/ports/apis.js';
import type { OrderRef } from '../../../lib/domain/order-ref.js';
import type { Order } from '../../../lib/domain/order.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import type { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { leavesOutcomeOpen, namesState, unknownAfter } from '../../../lib/transport/effect.js';
import { KeptErrors } from './kept-errors.js';
import type { CodePayCall, CodePayEvent, CodePayFault, CodePayPlan, CodePayState } from './code-pay-plan.js';

const EVENTS: Readonly<Record<CodePayEvent, readonly [from: readonly CodePayState[], to: CodePayState]>> = {
  pay: [['NOTPAY', 'USERPAYING'], 'SUCCESS'],
  fail: [['NOTPAY', 'USERPAYING'], 'PAYERROR'],
  close: [['NOTPAY', 'USERPAYING', 'PAYERROR'], 'CLOSED'],
  reverse: [['NOTPAY', 'USERPAYING', 'PAYERROR', 'SUCCESS'], 'REVOKED'],
  refund: [['SUCCESS'], 'REFUND'],
  arrive: [[], 'ABSENT'],
};
const TAKES_EFFECT: readonly (CodePayFault | undefined)[] = [
  undefined,
  'lost after it took effect',
  'signature refused',
  'SYSTEM_ERROR after it took effect',
  'false refusal',
];

/** One 付款码 order in a WeChat Pay without wires: a state machine behind the port that the flow works with. */
export class CodePayModel implements CodePayApi, ReverseApi {
  readonly terms: OrderTerms = {
    merchant: 'default',
    timeoutMs: 3_000,
    minOrderAgeMs: 300_000,
    hosts: ['https://main', 'https://backup'],
  };
  readonly calls: CodePayCall[] = [];
  state: CodePayState;
  /** Number of times that the customer was charged. */
  charges = 0;
  readonly #plan: CodePayPlan;
  readonly #held: (() => void)[] = [];
  #total: number;
  #before: CodePayState;
  /** True while the customer can complete the payment. */
  #isPayable: boolean;

  constructor(plan: CodePayPlan) {
    this.#plan = plan;
    this.state = plan.initial ?? 'ABSENT';
    this.#before = this.state;
    this.#isPayable = ['NOTPAY', 'USERPAYING'].includes(this.state);
    this.#total = plan.initialTotal ?? 100;
  }

  async pay({ amount }: CheckedCodePay): Promise<Order> {
    const [refusal, fault] = this.#handle('pay', () => this.#charge(amount.total));
    if (fault === 'not sent') throw new WxPayTransportError('not sent');
    if (fault !== undefined) throw afterSending(this.#failure(fault, 'pay'));
    if (refusal !== undefined) throw afterSending(refused(refusal, 'pay', this.#isV2));
    return this.#order(this.state);
  }

  async query(_ref: OrderRef, _options: HostCallOptions = {}): Promise<Order> {
    const [read, fault] = this.#handle('query', () => this.state);
    if (fault === 'state of before') return this.#order(this.#before);
    if (fault !== undefined) throw this.#failure(fault, 'query');
    return this.#order(read ?? this.state);
  }

  reversalOf(): this {
    return this;
  }

  async reverse(): Promise<ReverseReply> {
    const [refusal, fault] = this.#handle('reverse', () => this.#reverse());
    const isV2 = this.#isV2;
    if (fault === 'recall') return { recall: true, namesOrder: !isV2 };
    if (fault === 'no effect') return { recall: false, namesOrder: false };
    if (fault !== undefined) throw afterSending(this.#failure(fault, 'reverse'));
    if (refusal !== undefined) throw afterSending(refused(refusal, 'reverse', isV2));
    return { recall: false, namesOrder: !isV2 };
  }

  /** Lets everything happen that still can after the flow: held requests arrive, and the customer pays. */
  end(): void {
    this.#apply('arrive');
    this.#apply('pay');
  }

  get #isV2(): boolean {
    return this.#plan.isV2 ?? false;
  }

  #handle<T>(kind: CodePayCall['kind'], take: () => T): readonly [T | undefined, CodePayFault | undefined] {
    const number = this.calls.length;
    const fault = this.#plan.faults?.get(number);
    this.#happen(2 * number);
    this.calls.push({ kind, truth: this.state, at: performance.now() });
    if (fault?.endsWith('held')) this.#held.push(() => void take());
    const taken = TAKES_EFFECT.includes(fault) ? take() : undefined;
    this.#happen(2 * number + 1);
    return [taken, fault];
  }

  #happen(moment: number): void {
    for (const event of this.#plan.events?.get(moment) ?? []) this.#apply(event);
  }

  #apply(event: CodePayEvent): void {
    if (event === 'arrive') {
      for (const take of this.#held.splice(0)) take();
      return;
    }
    const [from, to] = EVENTS[event];
    if (!from.includes(this.state) || (event === 'pay' && !this.#isPayable)) return;
    this.#become(to);
  }

  #become(state: CodePayState): void {
    if (state === 'SUCCESS') this.charges++;
    this.#before = this.state;
    this.state = state;
  }

  /** @returns the code of the refusal */
  #charge(total: number): string | undefined {
    const { customer } = this.#plan;
    if (this.state !== 'ABSENT') return NUMBER_IN_USE[this.state] ?? 'OUT_TRADE_NO_USED';
    this.#total = total;
    const [act, left] = customer.split(': ');
    if (act === 'refused') {
      if (left !== 'ABSENT') this.#become(left as CodePayState);
      return 'TRADE_ERROR';
    }
    this.#isPayable = true;
    this.#become(act === 'pays' ? 'SUCCESS' : 'USERPAYING');
    // Over APIv3 this is a success with HTTP 202.
    return act === 'types' && this.#isV2 ? 'USERPAYING' : undefined;
  }

  /** @returns the code of the refusal */
  #reverse(): string | undefined {
    if (this.state === 'ABSENT') return 'ORDER_NOT_EXIST';
    if (this.state === 'REFUND') return 'TRADE_ERROR';
    if (this.state === 'CLOSED') return 'ORDER_CLOSED';
    if (this.state !== 'REVOKED') this.#become('REVOKED');
    return undefined;
  }

  #order(tradeState: CodePayState): Order {
    if (tradeState === 'ABSENT') throw refused('ORDER_NOT_EXIST', 'query', this.#isV2);
    const amount = { total: this.#total, currency: 'CNY' };
    return { mchid: '1900000001', outTradeNo: 'T1', tradeState, tradeStateDesc: '', amount, raw: {} };
  }

  #failure(fault: CodePayFault, kind: CodePayCall['kind']): WxPayError {
    if (/^lost|^held/.test(fault)) return new WxPayTransportError(fault, { timedOut: true });
    if (fault === 'signature refused') return new WxPaySignatureError('mismatch');
    if (fault === 'false refusal') return refused('TRADE_ERROR', kind, false);
    if (fault.startsWith('SYSTEM_ERROR')) return refused('SYSTEM_ERROR', kind, this.#isV2);
    return refused(fault.replace(/^(un)?signed /, ''), kind, fault.startsWith('signed '));
  }
}

const NUMBER_IN_USE: Readonly<Partial<Record<CodePayState, string>>> = {
  SUCCESS: 'ORDER_PAID',
  REFUND: 'ORDER_PAID',
  CLOSED: 'ORDER_CLOSED',
  REVOKED: 'ORDERREVERSED',
};

/** The failure of a request that was sent once, as the transport throws it. */
function afterSending(failure: WxPayError): WxPayError {
  return leavesOutcomeOpen(failure) && !namesState(failure) ? unknownAfter(failure, 'once') : failure;
}

const refusals = new KeptErrors<WxPayApiError>();

function refused(code: string, kind: CodePayCall['kind'], signed: boolean): WxPayApiError {
  return refusals.get(`${code} ${kind} ${signed}`, () => newRefusal(code, kind, signed));
}

function newRefusal(code: string, kind: CodePayCall['kind'], signed: boolean): WxPayApiError {
  return new WxPayApiError({
    call: { operation: `order.${kind}`, subject: 'order T1', merchant: 'default' },
    code,
    httpStatus: code === 'SYSTEM_ERROR' ? 500 : 400,
    signed,
  });
}

/** What was asked when, in seconds since the payment, such as `query 5`. */
export function timesOf({ calls }: CodePayModel): string[] {
  const [first] = calls;
  return calls.map(({ kind, at }) => `${kind} ${Math.round((at - (first?.at ?? at)) / 1000)}`);
}
