import { orderKey, type CombineOrder, type Order, type WxPayMerchant } from 'nestjs-wxpay';
import type { MockNotifiedOrder } from 'nestjs-wxpay/testing';
import { openid } from './customer.js';
import type { OrderName } from './history.js';
import type { Stage } from './stage.js';

/** Sub-merchants of one service provider: each numbers its own orders. */
const SUB_MERCHANTS = ['1900000109', '1900000110'];
/** The merchant of a part of a combine order. */
const PART_MCHID = '1900000002';
const PATIENCE_MS = 7_000;

/** An order in the books of a shop. */
interface Entry {
  readonly name: OrderName;
  readonly key: string;
  isPaid: boolean;
}

/** The books of a shop: several orders have one number, one of them is paid, and its notification says which. */
export class Books {
  readonly #stage: Stage;
  readonly #merchant: WxPayMerchant;
  readonly #number: string;
  readonly #entries: Entry[] = [];

  constructor(stage: Stage, number: string) {
    this.#stage = stage;
    this.#number = number;
    this.#merchant = stage.world.merchants.get(stage.plan.apis.some(isV3) ? 'v3' : 'v2');
  }

  async play(): Promise<void> {
    const { world, tally, chance } = this.#stage;
    const names: OrderName[] = [
      { outTradeNo: this.#number },
      ...SUB_MERCHANTS.map((subMchid) => ({ outTradeNo: this.#number, subMchid })),
    ];
    for (const name of names) this.#place(name);
    const paid = chance.one(this.#merchant.api === 'v3' ? [...names, undefined] : names);
    const order = paid === undefined ? this.#payCombined() : this.#pay(paid);
    const inbox = world.app.inboxOf(this.#merchant.name);
    const { accepted } = await world.gateway.notify(order, inbox.url, {
      api: this.#merchant.api,
      timeoutMs: PATIENCE_MS,
    });
    for (const { merchant, resource } of inbox.received) this.#mark(merchant, resource);
    tally.called('books', accepted ? 'kept' : 'not told');
    this.#compare(paid, accepted);
  }

  #place(name: OrderName): void {
    this.#stage.world.gateway.orders.create({ ...name, amount: { total: 1 } });
    this.#entries.push({ name, key: orderKey(this.#merchant.name, name), isPaid: false });
  }

  #pay(name: OrderName): MockNotifiedOrder {
    this.#stage.world.gateway.orders.pay({ ...name }, { openid: openid() });
    return { ...name };
  }

  /** A part of it has the number that the merchant's own order has. */
  #payCombined(): MockNotifiedOrder {
    const { combineOrders } = this.#stage.world.gateway;
    const combineOutTradeNo = `${this.#number}c`;
    combineOrders.create({
      combineOutTradeNo,
      subOrders: [
        { outTradeNo: this.#number, mchid: PART_MCHID, amount: { total: 1 } },
        { outTradeNo: `${this.#number}p`, amount: { total: 1 } },
      ],
    });
    combineOrders.pay(combineOutTradeNo, { openid: openid() });
    return { combineOutTradeNo };
  }

  /** Notes a payment, as an UPDATE by the key does. */
  #mark(merchant: string, resource: unknown): void {
    const told = resource as Order | CombineOrder;
    const keys =
      'subOrders' in told
        ? told.subOrders.map((part) => orderKey(merchant, part, part.mchid))
        : [orderKey(merchant, told)];
    for (const entry of this.#entries) entry.isPaid ||= keys.includes(entry.key);
  }

  /** @param paid the order that was paid, if it is in the books */
  #compare(paid: OrderName | undefined, accepted: boolean): void {
    const { tally } = this.#stage;
    for (const { name, isPaid } of this.#entries) {
      const what = `${this.#number} of ${name.subMchid ?? 'the merchant'}`;
      if (isPaid && name !== paid) {
        tally.offended(['wrong results', `${what}: paid in the books, and nowhere else`]);
      }
      if (!isPaid && accepted && name === paid) {
        tally.offended(['payments dropped', `${what}: paid, and not in the books`]);
      }
    }
  }
}

function isV3(api: string): boolean {
  return !api.startsWith('v2');
}
