import { lastValueFrom, tap } from 'rxjs';
import { WxPayInputError, type Order, type OrderRef, type WxPayMerchant } from 'nestjs-wxpay';
import { Calls } from './calls.js';
import type { OrderName } from './history.js';
import type { OperationName } from './plan.js';
import { Repeater } from './repeater.js';
import type { Stage } from './stage.js';
import { TIMEOUT_MS } from './world.js';

/** How long a shop watches an order, and how often it looks, in milliseconds. */
const WATCH_MS = 1_000;
const SCHEDULE_MS = [20, 60, 150];
/** The share of the closes after which another order is said to be closed by what proves nothing of it. */
const REPEATED = 0.5;
/** How many other orders are asked about together with one. */
const MANY = 5;
/** Paths of requests that lead out of the API. */
const HOSTILE_PATHS = ['/v3/../pay/orderquery', '/v3/%2e%2e/sandbox', '/v2/x', '/v3/x?mchid=1', '//v3/x'];

/** What a shop asks about its orders, and what it makes of the answers. */
export class Shop {
  readonly #stage: Stage;
  readonly #calls: Calls;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#calls = new Calls(stage);
  }

  /** @param merchant whose order it is */
  ask(operation: OperationName, merchant: WxPayMerchant, name: OrderName): Promise<unknown> {
    switch (operation) {
      case 'close':
        return this.#close(merchant, name);
      case 'settle':
        return this.#settle(merchant, name);
      case 'watch':
        return this.#watch(merchant, name);
      case 'queryMany':
        return this.#queryMany(merchant, name);
      case 'client':
        return this.#leaveTheApi(name);
      case 'reverse':
        return merchant.api === 'v3' ? this.#reverse(merchant, name) : this.#query(merchant, name, false);
      default:
        return this.#query(merchant, name, operation === 'share');
    }
  }

  #query(merchant: WxPayMerchant, name: OrderName, share: boolean): Promise<unknown> {
    const { world, chance } = this.#stage;
    const transactionId = chance.happens(0.5)
      ? world.gateway.orders.find({ ...name })?.transactionId
      : undefined;
    const ref: OrderRef =
      transactionId === undefined ? { ...name } : { ...name, outTradeNo: undefined, transactionId };
    const timeoutMs = chance.between(300, TIMEOUT_MS);
    return this.#calls.run({
      operation: share ? 'share' : 'query',
      name,
      timeoutMs,
      make: (signal) => merchant.orderQuery.query(ref, { signal, timeoutMs, share }),
      end: ({ tradeState }) => tradeState,
      // What is shared may have begun earlier.
      judge: (order, since) => world.judge.query(order, name, share ? since - TIMEOUT_MS : since),
    });
  }

  async #close(merchant: WxPayMerchant, name: OrderName): Promise<void> {
    const end = await this.#calls.run({
      operation: 'close',
      name,
      timeoutMs: TIMEOUT_MS,
      make: async (signal) => {
        await merchant.orderClose.close(name, { signal });
        return 'closed';
      },
      end: (closed) => closed,
      judge: (_, since) => this.#stage.world.judge.close(name, since),
    });
    const isRepeated = end === 'closed' && this.#stage.chance.happens(REPEATED);
    if (isRepeated) await new Repeater(this.#stage).closeAnother(merchant, name);
  }

  async #settle(merchant: WxPayMerchant, name: OrderName): Promise<void> {
    const settlement = await this.#calls.run({
      operation: 'settle',
      name,
      timeoutMs: 2 * TIMEOUT_MS,
      make: (signal) => merchant.orderSettle.settle(name, { signal, timeoutMs: 2 * TIMEOUT_MS }),
      end: ({ outcome }) => outcome,
      judge: (result, since) => this.#stage.world.judge.settle(result, name, since),
    });
    if (settlement === undefined) return;
    const { world, inTheEnd } = this.#stage;
    inTheEnd(() => world.judge.inTheEnd(settlement, name));
    if (settlement.outcome === 'unresolved' && settlement.cause) {
      this.#calls.offendedByError(settlement.cause);
    }
  }

  #watch(merchant: WxPayMerchant, name: OrderName): Promise<unknown> {
    const { world, tally } = this.#stage;
    let since = performance.now();
    const look = (order: Order): void => {
      tally.offended(world.judge.query(order, name, since));
      // What it tells next is asked for afterwards, so nothing that is over by now.
      since = performance.now();
    };
    const until = new Date(Date.now() + WATCH_MS);
    return this.#calls.run({
      operation: 'watch',
      name,
      timeoutMs: WATCH_MS + TIMEOUT_MS,
      make: (signal) => {
        const changes = merchant.orderQuery.watch(name, { signal, until, scheduleMs: SCHEDULE_MS });
        return lastValueFrom(changes.pipe(tap(look)), { defaultValue: undefined });
      },
      end: (last) => last?.tradeState ?? 'nothing seen',
      judge: () => undefined,
    });
  }

  async #queryMany(merchant: WxPayMerchant, first: OrderName): Promise<void> {
    const { world, tally } = this.#stage;
    const names = [
      first,
      ...world.gateway.orders
        .list()
        .slice(-MANY)
        .filter(({ subMchid }) => subMchid === first.subMchid),
    ];
    const refs = names.map(({ outTradeNo, subMchid }): OrderName => ({
      outTradeNo,
      ...(subMchid && { subMchid }),
    }));
    const since = performance.now();
    await this.#calls.run({
      operation: 'queryMany',
      name: first,
      timeoutMs: 6 * TIMEOUT_MS,
      make: async (signal) => {
        const late = AbortSignal.timeout(6 * TIMEOUT_MS);
        for await (const { ref, order, error } of merchant.orderQuery.queryMany(refs, {
          signal: AbortSignal.any([signal, late]),
          concurrency: 3,
        })) {
          if (error !== undefined) this.#calls.offendedByError(error);
          else tally.offended(world.judge.query(order, ref as OrderName, since));
        }
      },
      end: () => 'all',
      judge: () => undefined,
    });
  }

  #reverse(merchant: WxPayMerchant, name: OrderName): Promise<unknown> {
    return this.#calls.run({
      operation: 'reverse',
      name,
      timeoutMs: 2 * TIMEOUT_MS,
      make: (signal) => merchant.orderReverse.reverse(name, { signal, timeoutMs: 2 * TIMEOUT_MS }),
      end: ({ outcome }) => outcome,
      judge: (reversal, since) => this.#stage.world.judge.reverse(reversal, name, since),
    });
  }

  /** No request may leave that is not one of the API. */
  #leaveTheApi(name: OrderName): Promise<unknown> {
    const { world, chance } = this.#stage;
    const path = chance.one(HOSTILE_PATHS);
    return this.#calls.run({
      operation: 'client',
      name,
      timeoutMs: TIMEOUT_MS,
      make: async (signal) => {
        const failure = await world.merchants
          .get('v3')
          .client.request({ method: 'GET', path }, { signal })
          .catch((error: unknown) => error);
        signal.throwIfAborted();
        return failure instanceof WxPayInputError ? 'refused' : 'sent';
      },
      end: (end) => end,
      judge: (end) => (end === 'refused' ? undefined : ['wrong results', `a request to ${path} was sent`]),
    });
  }
}
