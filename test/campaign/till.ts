import { type CodePayment, type CodePayRequest, type Order, type WxPayError } from 'nestjs-wxpay';
import { Calls } from './calls.js';
import { stranger } from './customer.js';
import { requestsOf, type Desk } from './desk.js';
import type { OrderName } from './history.js';
import type { Stage } from './stage.js';
import type { Offence } from './tally.js';

/** How long a payment may take, and how long the customer; only the last leaves time for a reversal. */
const PATIENCE = [
  { timeoutMs: 2_500, waitMs: 500 },
  { timeoutMs: 2_500, waitMs: 500 },
  { timeoutMs: 7_000, waitMs: 1_000 },
  { timeoutMs: 24_000, waitMs: 1_000 },
] as const;
/** What a customer does with the password. */
const TYPING = [
  {},
  { password: 'right', afterMs: 200 },
  { password: 'right', afterMs: 1_500 },
  { password: 'wrong', afterMs: 200 },
  { password: 'never' },
  { refusal: 'balance-too-low' },
] as const;

/** States in which the merchant has no money of the customer, and gets none. */
const ENDED = ['REVOKED', 'CLOSED', 'REFUND'];

/** A till at which customers show payment codes. */
export class Till {
  readonly #stage: Stage;
  readonly #desk: Desk;

  constructor(stage: Stage, desk: Desk) {
    this.#stage = stage;
    this.#desk = desk;
  }

  /** Charges a customer, who pays, types, walks away or has no money, and may be charged although a refusal arrives. */
  async charge(scene: OrderName, operation: 'code' | 'code.v2'): Promise<void> {
    // New orders have numbers of six characters at least.
    const name = { ...scene, outTradeNo: `${scene.outTradeNo}-code` };
    const { chance, inTheEnd, tally } = this.#stage;
    const { merchant, gateway, history } = this.#desk;
    const { timeoutMs, waitMs } = chance.one(PATIENCE);
    const request: CodePayRequest = {
      ...name,
      description: 'Tea, black',
      amount: { total: chance.between(1, 1_000) },
      authCode: gateway.customer.showCode(chance.one(TYPING)),
      storeInfo: { outId: 'shop-1' },
    };
    this.#prepare(request, name);
    const calls = new Calls(this.#stage);
    const payment = await calls.run({
      operation,
      name,
      timeoutMs,
      make: (signal) => merchant.codePay.pay(request, { signal, timeoutMs, waitMs }),
      end: ({ outcome }) => outcome,
      judge: (result, since) => this.#judge(result, { request, name, since }),
      blame: (error) => this.#notSent(error, name),
    });
    const sent = requestsOf(this.#desk, 'order.codePay', name.outTradeNo).length;
    if (sent > 1) tally.offended(twice(name, `the payment was sent ${sent} times`));
    if (payment === undefined) return;
    if (payment.outcome === 'unresolved' && payment.cause) calls.offendedByError(payment.cause);
    if (payment.outcome === 'refused') {
      inTheEnd(() => (history.wasEverPaid(name) ? twice(name, 'refused, and charged') : undefined));
    }
    if (payment.outcome === 'reversed') inTheEnd(() => this.#stillReversed(name));
  }

  /** What happened before, or happens meanwhile: nothing; a refusal after the payment; another order under the number. */
  #prepare({ authCode, amount }: CodePayRequest, name: OrderName): void {
    const { chance, world } = this.#stage;
    const { gateway, merchant } = this.#desk;
    const payer = { openid: stranger(world) };
    const sell = (total: number): void => {
      gateway.orders.create({ ...name, amount: { total }, tradeType: 'MICROPAY' });
      gateway.orders.pay({ ...name }, payer);
    };
    switch (chance.one(['nothing', 'nothing', 'nothing', 'false refusal', 'used number'] as const)) {
      case 'false refusal':
        return gateway.next({
          when: { operation: 'order.codePay', outTradeNo: name.outTradeNo },
          before: () => sell(amount.total),
          ...(merchant.api === 'v3'
            ? { status: 403, code: 'NOT_ENOUGH', message: `code ${authCode.length}` }
            : { status: 200, code: 'NOTENOUGH' }),
        });
      case 'used number':
        return sell(amount.total + 1);
      default:
    }
  }

  #judge(
    payment: CodePayment,
    {
      request,
      name,
      since,
    }: { readonly request: CodePayRequest; readonly name: OrderName; readonly since: number },
  ): Offence | undefined {
    const { judge, history } = this.#desk;
    switch (payment.outcome) {
      case 'paid':
        if (payment.order.amount?.total !== request.amount.total) {
          return ['wrong results', `${name.outTradeNo}: paid, but another amount`];
        }
        return judge.query(payment.order, name, since);
      case 'reversed':
        return judge.reverse(payment, name, since);
      case 'refused':
        return history.wasEverPaid(name) ? twice(name, 'refused, but charged') : undefined;
      default:
        return payment.order && this.#wasIn(payment.order, name, since);
    }
  }

  /** The reply to the payment itself tells little but the state, while the customer enters the password. */
  #wasIn({ tradeState }: Order, name: OrderName, since: number): Offence | undefined {
    const known = this.#desk.history.orderSince(name, since);
    return known.some((order) => order.tradeState === tradeState)
      ? undefined
      : ['wrong results', `${name.outTradeNo}: ${tradeState}, which it was not`];
  }

  #stillReversed(name: OrderName): Offence | undefined {
    const [order] = this.#desk.history.orderSince(name, performance.now());
    return order === undefined || ENDED.includes(order.tradeState)
      ? undefined
      : twice(name, `reversed, and ${order.tradeState} in the end`);
  }

  /** A payment that fails was not sent. */
  #notSent(error: WxPayError, name: OrderName): Offence | undefined {
    const wasSent = requestsOf(this.#desk, 'order.codePay', name.outTradeNo).length > 0;
    return wasSent ? twice(name, `${error.code}, as if it had not been sent`) : undefined;
  }
}

function twice({ outTradeNo }: OrderName, how: string): Offence {
  return ['payments taken twice', `${outTradeNo}: ${how}`];
}
