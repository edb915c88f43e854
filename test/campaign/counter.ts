import { WxPayApiError, WxPayError, WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import { MockWxPayGateway, type MockFaultCounts } from 'nestjs-wxpay/testing';
import { Calls } from './calls.js';
import type { Chance } from './chance.js';
import { stranger } from './customer.js';
import type { Desk } from './desk.js';
import { History, type OrderName } from './history.js';
import { Judge } from './judge.js';
import type { Plan } from './plan.js';
import { RefundsDesk } from './refunds-desk.js';
import type { Stage } from './stage.js';
import { Till } from './till.js';
import type { Offence } from './tally.js';

const TIMEOUT_MS = 10_000;
const ATTEMPT_TIMEOUT_MS = 4_000;
/** The last part of the time, in which a reversal may be given up: there is no room for another one. */
const LAST_MS = 1_500;

/**
 * A counter at which customers show a code or their face. It reverses and refunds over APIv2, which asks for a certificate, hence
 * TLS.
 */
export class Counter {
  readonly #gateway: MockWxPayGateway;
  readonly #history: History;
  readonly #judge: Judge;
  readonly #merchants = new WxPayMerchants();
  readonly #merchant: WxPayMerchant;

  private constructor(gateway: MockWxPayGateway) {
    this.#gateway = gateway;
    this.#history = new History(gateway);
    this.#judge = new Judge(this.#history, [gateway]);
    const options = gateway.optionsV2({ timeoutMs: TIMEOUT_MS, attemptTimeoutMs: ATTEMPT_TIMEOUT_MS });
    this.#merchant = this.#merchants.register('counter', options);
  }

  /** @param keys of the other merchants, so that they are looked for in what is told */
  static async open({ seed, rate, kinds }: Plan, { keys }: MockWxPayGateway): Promise<Counter> {
    const gateway = await MockWxPayGateway.start({ https: true, keys, ageRules: false });
    gateway.faults({ seed, rate, kinds });
    return new Counter(gateway);
  }

  /** How often each kind of fault struck. */
  get faultCounts(): MockFaultCounts {
    return this.#gateway.faultCounts;
  }

  /** Refunds an order. */
  refund(stage: Stage, outTradeNo: string): Promise<void> {
    const terms = { operation: 'refund.v2', timeoutMs: TIMEOUT_MS } as const;
    return new RefundsDesk(stage, this.#desk, terms).refund({ outTradeNo });
  }

  /** Charges a customer by a payment code. */
  charge(stage: Stage, outTradeNo: string): Promise<void> {
    return new Till(stage, this.#desk).charge({ outTradeNo }, 'code.v2');
  }

  get #desk(): Desk {
    const gateway = this.#gateway;
    return {
      merchant: this.#merchant,
      gateway,
      hosts: [gateway],
      history: this.#history,
      judge: this.#judge,
    };
  }

  /** Reverses an order that a customer paid, or not. */
  async reverse(stage: Stage, outTradeNo: string): Promise<void> {
    const { tally, chance, world } = stage;
    const name: OrderName = { outTradeNo };
    const isFace = chance.happens(0.5);
    this.#gateway.orders.create({
      ...name,
      amount: { total: 1 },
      tradeType: isFace ? 'FACEPAY' : 'MICROPAY',
    });
    // The kind of an order is told once it is paid.
    if (isFace || chance.happens(0.5)) this.#gateway.orders.pay({ ...name }, { openid: stranger(world) });
    this.#prepare(chance, name);
    const since = performance.now();
    await new Calls(stage).run({
      operation: 'reverse.v2',
      name,
      timeoutMs: TIMEOUT_MS,
      make: (signal) =>
        this.#merchant.orderReverse.reverse(name, { signal }).catch((error: unknown) => {
          tally.offended(givenUp(error, name, performance.now() - since));
          throw error;
        }),
      end: ({ outcome }) => outcome,
      judge: (reversal, from) => this.#judge.reverse(reversal, name, from),
    });
  }

  /** What happened before: nothing; a reversal that shows late, or already; or a refusal that is about another order. */
  #prepare(chance: Chance, name: OrderName): void {
    const { outTradeNo } = name;
    const gateway = this.#gateway;
    const when = { operation: 'order.reverse', outTradeNo };
    const reverse = (): void => void gateway.orders.reverse({ ...name });
    switch (chance.one(['nothing', 'shows late', 'shows', 'refusal'] as const)) {
      case 'shows late':
        return gateway.next({ when, before: reverse, status: 200, code: 'ORDERREVERSED' });
      case 'shows':
        reverse();
        return this.#tellNoPayment(name);
      case 'refusal':
        return gateway.next({ when, status: 200, code: 'REVERSE_EXPIRE' });
      default:
    }
  }

  /** Of an order that is reversed, APIv2 does not tell if it was paid. */
  #tellNoPayment({ outTradeNo }: OrderName): void {
    const { mchid } = this.#merchant;
    const body = {
      return_code: 'SUCCESS',
      result_code: 'SUCCESS',
      appid: 'wx8888888888888888',
      mch_id: mchid,
      nonce_str: outTradeNo,
      out_trade_no: outTradeNo,
      trade_state: 'REVOKED',
      trade_state_desc: '已撤销',
    };
    this.#gateway.next({ when: { operation: 'order.query', outTradeNo }, reply: { status: 200, body } });
  }

  async close(): Promise<void> {
    await this.#merchants.onModuleDestroy();
    await this.#gateway.stop();
  }
}

/** All orders here can be reversed, and doing so twice does no harm: nothing ends it before its time. */
function givenUp(error: unknown, name: OrderName, ms: number): Offence | undefined {
  if (!(error instanceof WxPayError) || ms > TIMEOUT_MS - LAST_MS) return undefined;
  const isRefused =
    error instanceof WxPayApiError && error.kind === 'order-state' && error.code !== 'REVERSE_EXPIRE';
  return isRefused || error.outcomeUnknown === true
    ? [
        'wrong results',
        `${name.outTradeNo}: ${error.code} after ${Math.round(ms)} ms, but it can be reversed`,
      ]
    : undefined;
}
