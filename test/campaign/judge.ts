import {
  combinedTradeState,
  WxPayApiError,
  WxPayProtocolError,
  type CombineOrder,
  type Order,
  type Reversal,
  type Settlement,
  type WxPayError,
} from 'nestjs-wxpay';
import type { MockOrder, MockRequest, MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { History, OrderName } from './history.js';
import type { Offence } from './tally.js';
import { requestsSince } from './requests-since.js';
import { isTrue, isTrueCombine } from './truth.js';

/** Faults of replies that are true as they are: they are late, called by another name, or tell details that nobody can read. */
const TRUTHFUL: readonly (string | undefined)[] = [undefined, 'drip', 'wrong-content-type', 'decorated'];
/** Fields of wrong types are left out where they only decorate an order, as the amount of an unpaid one does. */
const BELIEVABLE = [...TRUTHFUL, 'wrong-types'];

/** How much earlier a call may have begun that another one shares. */
const SHARED_MS = 3_000;

const PAID = ['SUCCESS', 'REFUND'];
const ENDED = ['CLOSED', 'REVOKED'];
const REVERSIBLE = ['NOTPAY', 'USERPAYING', 'PAYERROR'];

/** Holds the results of calls against what was true while they ran. Each verdict is undefined if nothing is wrong. */
export class Judge {
  readonly #history: History;
  readonly #hosts: readonly MockWxPayGateway[];

  constructor(history: History, hosts: readonly MockWxPayGateway[]) {
    this.#history = history;
    this.#hosts = hosts;
  }

  query(order: Order, name: OrderName, since: number): Offence | undefined {
    if (!this.isProven(name, since)) return unproven(name);
    const known = this.#history.orderSince(name, since);
    return known.some((state) => isTrue(order, state))
      ? undefined
      : ['wrong results', `${tell(name)}: ${tellOrder(order)}, but it was ${tellAll(known)}`];
  }

  close(name: OrderName, since: number): Offence | undefined {
    const known = this.#history.orderSince(name, since);
    if (!known.some(({ tradeState }) => ENDED.includes(tradeState))) {
      return ['closes not done', `${tell(name)}: closed, but it was ${tellAll(known)}`];
    }
    return this.isProven(name, since) ? undefined : unproven(name);
  }

  combineQuery(order: CombineOrder, combineOutTradeNo: string, since: number): Offence | undefined {
    if (!this.isProven({ outTradeNo: combineOutTradeNo }, since)) {
      return unproven({ outTradeNo: combineOutTradeNo });
    }
    const known = this.#history.combineOrderSince(combineOutTradeNo, since);
    return known.some((state) => isTrueCombine(order, state))
      ? undefined
      : ['wrong results', `combine order ${combineOutTradeNo} was never so`];
  }

  /** A notification tells an order as it was when it was paid. */
  payment(order: Order, name: OrderName): Offence | undefined {
    const known = this.#history.orderSince(name, 0).filter(({ tradeState }) => tradeState === 'SUCCESS');
    return known.some((state) => isTrue(order, state))
      ? undefined
      : ['wrong results', `${tell(name)}: told as ${tellOrder(order)}, but it was ${tellAll(known)}`];
  }

  combinePayment(order: CombineOrder, combineOutTradeNo: string): Offence | undefined {
    const known = this.#history
      .combineOrderSince(combineOutTradeNo, 0)
      .filter((state) => combinedTradeState(state) === 'SUCCESS');
    return known.some((state) => isTrueCombine(order, state))
      ? undefined
      : ['wrong results', `combine order ${combineOutTradeNo} was told as it never was`];
  }

  combineClose(combineOutTradeNo: string, since: number): Offence | undefined {
    const name = { outTradeNo: combineOutTradeNo };
    const known = this.#history.combineOrderSince(combineOutTradeNo, since);
    if (!known.some((state) => combinedTradeState(state) === 'CLOSED')) {
      return ['closes not done', `combine order ${combineOutTradeNo} was not closed`];
    }
    return this.isProven(name, since) ? undefined : unproven(name);
  }

  settle(settlement: Settlement, name: OrderName, since: number): Offence | undefined {
    if (settlement.outcome === 'not-found') return this.#notFound(settlement.signed, name, since);
    const { order } = settlement;
    const wrong = order && this.query(order, name, since);
    if (wrong !== undefined) return wrong;
    const state = order?.tradeState ?? '';
    switch (settlement.outcome) {
      case 'paid':
        return PAID.includes(state) && settlement.refunded === (state === 'REFUND')
          ? undefined
          : ['wrong results', `${tell(name)}: paid, but it is ${state}`];
      case 'closed':
        return ENDED.includes(state) ? undefined : this.#dropped(name, `closed, but it is ${state}`);
      case 'reverse-required':
        return REVERSIBLE.includes(state)
          ? undefined
          : this.#dropped(name, `to be reversed, but it is ${state}`);
      case 'too-young':
        return impossible(name, settlement.outcome);
      default:
        return settlement.cause && this.failure(settlement.cause, name, since);
    }
  }

  reverse(reversal: Reversal, name: OrderName, since: number): Offence | undefined {
    if (reversal.outcome === 'repeat') return undefined;
    const known = this.#history.orderSince(name, since);
    const wasPaid = known.some(({ tradeState }) => PAID.includes(tradeState));
    if (reversal.outcome === 'expired' && wasPaid) return undefined;
    if (reversal.outcome !== 'reversed') return impossible(name, reversal.outcome);
    const ended = known.find(({ tradeState }) => [...ENDED, 'REFUND'].includes(tradeState));
    if (ended === undefined) {
      return ['closes not done', `${tell(name)}: reversed, but it was ${tellAll(known)}`];
    }
    if (reversal.refunded !== undefined && reversal.refunded !== this.#history.wasEverPaid(name)) {
      return this.#dropped(name, `reversed with refunded: ${reversal.refunded}`);
    }
    return this.isProven(name, since) ? undefined : unproven(name);
  }

  /** What could be believed must be read. */
  failure(error: WxPayError, name: OrderName, since: number): Offence | undefined {
    if (error instanceof WxPayApiError) return this.#refusal(error, name, since);
    return error instanceof WxPayProtocolError && this.#wereAllTruthful(name, since)
      ? ['unanswered', `${tell(name)}: ${error.message}`]
      : undefined;
  }

  /** What an error calls signed was signed, though over APIv2 perhaps for another order. */
  #refusal({ code, signed }: WxPayApiError, name: OrderName, since: number): Offence | undefined {
    const isTrueOrRepeated =
      this.#history.orderSince(name, since).length === 0 || this.#wasSignedForAnother(name, since);
    return code === 'ORDER_NOT_EXIST' && signed && !isTrueOrRepeated
      ? ['wrong results', `${tell(name)}: refused with a proof that it does not exist, but it does`]
      : undefined;
  }

  /** The request of the client that places an order is sent once, and a failure without `outcomeUnknown` says that it was not carried out. */
  sent(name: OrderName, failure: WxPayError | undefined): Offence | undefined {
    // Others may query the order before its own request is answered: only what places it counts.
    const times = this.#hosts
      .flatMap(({ requests }) => requests)
      .filter((each) => each.operation === 'order.prepay' && each.outTradeNo === name.outTradeNo).length;
    if (times > 1) return ['wrong results', `${tell(name)}: sent ${times} times`];
    return failure !== undefined && failure.outcomeUnknown !== true && this.#history.exists(name)
      ? ['wrong results', `${tell(name)}: ${failure.code} without outcomeUnknown, but it was carried out`]
      : undefined;
  }

  /** What was concluded must hold for ever: no money may come in afterwards. */
  inTheEnd(settlement: Settlement, name: OrderName): Offence | undefined {
    const isOver = settlement.outcome === 'closed' || settlement.outcome === 'not-found';
    if (!isOver || !this.#history.wasEverPaid(name)) return undefined;
    // Reversing gives the money back.
    const isReversed = 'order' in settlement && settlement.order.tradeState === 'REVOKED';
    const wereAllLying = settlement.outcome === 'not-found' && this.#didAllLie(name, 0);
    return isReversed || wereAllLying
      ? undefined
      : this.#dropped(name, `${settlement.outcome}, but it was paid`);
  }

  #notFound(signed: boolean, name: OrderName, since: number): Offence | undefined {
    if (!this.#history.exists(name)) return undefined;
    // No client can tell this from the truth: each host by itself has said so.
    if ((!signed || this.#wasSignedForAnother(name, since)) && this.#didAllLie(name, since)) return undefined;
    return this.#dropped(name, 'not found, but it exists');
  }

  /**
   * Whether some reply to a request about the order was fit to be believed since then. Where every one of them was forged,
   * stale or otherwise unproven, a result is wrong even if it happens to be true.
   */
  isProven(name: OrderName, since: number): boolean {
    return this.#faultsOf(name, since).some((fault) => BELIEVABLE.includes(fault));
  }

  #wereAllTruthful(name: OrderName, since: number): boolean {
    const faults = this.#faultsOf(name, since - SHARED_MS);
    return faults.length > 0 && faults.every((fault) => TRUTHFUL.includes(fault));
  }

  /** What struck each of the requests about the order. */
  #faultsOf({ outTradeNo }: OrderName, since: number): readonly MockRequest['fault'][] {
    return this.#hosts.flatMap((host) =>
      requestsSince(host, since)
        .filter((request) => request.outTradeNo === outTradeNo && request.operation !== undefined)
        .map(({ fault }) => fault),
    );
  }

  /** Whether a host was made to say over APIv2 that the order does not exist, which may have been signed for another one. */
  #wasSignedForAnother({ outTradeNo }: OrderName, since: number): boolean {
    return this.#hosts.some((host) =>
      requestsSince(host, since).some(
        ({ path, fault, ...request }) =>
          request.outTradeNo === outTradeNo && fault === 'order-not-exist' && !path.startsWith('/v3/'),
      ),
    );
  }

  /** Whether every host was made to say, by itself, that the order does not exist. */
  #didAllLie({ outTradeNo }: OrderName, since: number): boolean {
    const lies = this.#hosts.map(
      (host) =>
        requestsSince(host, since).filter(
          (request) => request.outTradeNo === outTradeNo && request.fault === 'order-not-exist',
        ).length,
    );
    // One more than hosts: the first is what made settle ask each of them.
    return lies.every((count) => count > 0) && lies.reduce((sum, count) => sum + count, 0) > lies.length;
  }

  #dropped(name: OrderName, what: string): Offence {
    return ['payments dropped', `${tell(name)}: ${what}`];
  }
}

/** No order is old here, and none has to become any older. */
function impossible(name: OrderName, outcome: string): Offence {
  return ['wrong results', `${tell(name)}: ${outcome}, which no order is here`];
}

function unproven(name: OrderName): Offence {
  return ['wrong results', `${tell(name)}: concluded from replies that prove nothing`];
}

function tell({ outTradeNo, subMchid }: OrderName): string {
  return subMchid === undefined ? outTradeNo : `${outTradeNo} of ${subMchid}`;
}

function tellOrder({ mchid, outTradeNo, tradeState, amount }: Order): string {
  return `${mchid} ${outTradeNo} ${tradeState} ${amount?.total} fen`;
}

function tellAll(known: readonly MockOrder[]): string {
  return known.map(({ tradeState }) => tradeState).join(', then ') || 'never placed';
}
