import { setTimeout as delay } from 'node:timers/promises';
import { WxPayError, type WxPayMerchant, type WxPayRequest } from 'nestjs-wxpay';
import { Calls } from './calls.js';
import { payIfOpen } from './customer.js';
import type { OrderName } from './history.js';
import type { Stage } from './stage.js';
import { TIMEOUT_MS } from './world.js';

/** When an order appears that is being placed, in milliseconds: later than a settlement asks. */
const PLACED_AFTER_MS = [400, 1_200] as const;
/** How often a shop sends what it may repeat. */
const TRIES = 3;

/** A shop that places orders, and concludes something while it is not known yet if they are placed. */
export class Placing {
  readonly #stage: Stage;
  readonly #calls: Calls;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#calls = new Calls(stage);
  }

  /** Settles an order that is being placed, and paid at once. */
  async settle(merchant: WxPayMerchant, name: OrderName): Promise<void> {
    const { world, inTheEnd } = this.#stage;
    const createdAt = new Date();
    const placing = this.#placeLater(name);
    const settlement = await this.#calls.run({
      operation: 'settle.new',
      name,
      timeoutMs: 2 * TIMEOUT_MS,
      make: (signal) => merchant.orderSettle.settle(name, { createdAt, signal, timeoutMs: 2 * TIMEOUT_MS }),
      end: ({ outcome }) => outcome,
      judge: (result, since) =>
        result.outcome === 'too-young'
          ? result.order && world.judge.query(result.order, name, since)
          : world.judge.settle(result, name, since),
    });
    await placing;
    if (settlement !== undefined) inTheEnd(() => world.judge.inTheEnd(settlement, name));
  }

  async #placeLater(name: OrderName): Promise<void> {
    const { world, chance } = this.#stage;
    await delay(chance.between(...PLACED_AFTER_MS));
    world.gateway.orders.create({ ...name, amount: { total: chance.between(1, 100_000) } });
    payIfOpen(world.gateway, name);
  }

  /** Places an order by a request of the client; under another number again as long as the failure may be repeated. */
  async post(merchant: WxPayMerchant, number: string): Promise<void> {
    const { world, tally } = this.#stage;
    const names: OrderName[] = [];
    for (let mayRepeat = true; mayRepeat && names.length < TRIES;) {
      const name = { outTradeNo: `${number}-post-${names.length}` };
      names.push(name);
      const failure = await this.#place(merchant, name);
      mayRepeat = failure?.retryable ?? false;
      tally.offended(world.judge.sent(name, failure));
    }
    const placed = names.filter((name) => world.history.exists(name));
    if (placed.length > 1) {
      tally.offended([
        'wrong results',
        `${number}: carried out, said to be repeatable, and carried out again`,
      ]);
    }
  }

  /** @returns how it failed, if it did so otherwise than by the caller leaving */
  async #place(merchant: WxPayMerchant, name: OrderName): Promise<WxPayError | undefined> {
    const { client } = merchant;
    const request = requestOf(merchant, name);
    let failure: WxPayError | undefined;
    await this.#calls.run({
      operation: 'post',
      name,
      timeoutMs: TIMEOUT_MS,
      make: (signal) =>
        client.request(request, { signal }).catch((error: unknown) => {
          if (error instanceof WxPayError) failure = error;
          throw error;
        }),
      end: () => 'placed',
      judge: () =>
        this.#stage.world.history.exists(name)
          ? undefined
          : ['wrong results', `${name.outTradeNo}: placed, but it never was`],
    });
    return failure;
  }
}

/** What places an order for a QR code, over the API of the merchant. */
function requestOf({ api, mchid }: WxPayMerchant, { outTradeNo }: OrderName): WxPayRequest {
  const [description, notifyUrl] = ['A request of the client', 'https://shop.example.com/notify'];
  if (api === 'v2') {
    const fields = {
      body: description,
      out_trade_no: outTradeNo,
      notify_url: notifyUrl,
      total_fee: '1',
      spbill_create_ip: '127.0.0.1',
      trade_type: 'NATIVE',
      product_id: 'tea',
    };
    return { path: '/pay/unifiedorder', fields };
  }
  const body = {
    appid: 'wx8888888888888888',
    mchid,
    description,
    out_trade_no: outTradeNo,
    notify_url: notifyUrl,
    amount: { total: 1 },
  };
  return { method: 'POST', path: '/v3/pay/transactions/native', body };
}
