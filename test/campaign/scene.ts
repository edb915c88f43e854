import type { WxPayMerchant } from 'nestjs-wxpay';
import { Announcer } from './announcer.js';
import { Archive } from './archive.js';
import { Books } from './books.js';
import { Calls } from './calls.js';
import { Cashier } from './cashier.js';
import { gossip, openid, visit, visitCombine } from './customer.js';
import type { OrderName } from './history.js';
import type { OperationName } from './plan.js';
import { Placing } from './placing.js';
import { RefundsDesk } from './refunds-desk.js';
import { Shop } from './shop.js';
import type { Stage } from './stage.js';
import { tenant } from './tenant.js';
import { Till } from './till.js';
import { TIMEOUT_MS } from './world.js';

/** The operations that bring orders of their own. */
const OWN_ORDERS = /^(combine\..*|settle\.new|post|books|register|.*\.v2|prepay|refund|code|bill)$/;
/** Another app of the same merchant: it places orders, too, and the merchant is notified of them. */
const OTHER_APP = 'wx7777777777777777';

/** An order, a customer, and what the shop asks about it meanwhile. */
export class Scene {
  readonly #stage: Stage;
  readonly #number: string;
  readonly #calls: Calls;
  readonly #shop: Shop;
  readonly #announcer: Announcer;

  constructor(stage: Stage, number: string) {
    this.#stage = stage;
    this.#number = number;
    this.#calls = new Calls(stage);
    this.#shop = new Shop(stage);
    this.#announcer = new Announcer(stage);
  }

  async play(): Promise<void> {
    const { plan, world, chance } = this.#stage;
    const operation = chance.one(plan.operations);
    if (operation.endsWith('.v2')) return this.#playAtCounter(operation);
    if (operation === 'combine.prepay') return this.#cashier('v3').sellCart(this.#number);
    if (operation.startsWith('combine.')) return this.#playCombine(operation);
    if (operation === 'books') return new Books(this.#stage, this.#number).play();
    if (operation === 'register') return tenant(this.#stage, this.#number);
    const api = chance.one(plan.apis);
    const subMchid = api.endsWith('partner') ? '1900000109' : undefined;
    const name: OrderName = { outTradeNo: this.#number, ...(subMchid && { subMchid }) };
    const merchant = this.#merchant(api);
    if (operation === 'post') return new Placing(this.#stage).post(merchant, this.#number);
    if (operation === 'prepay') return this.#cashier(api).sell(this.#number, subMchid);
    if (operation === 'bill') return new Archive(this.#stage, merchant).download(this.#number);
    if (operation === 'refund' || operation === 'code') return this.#playAtDesk(operation, name);
    if (operation === 'settle.new') return new Placing(this.#stage).settle(merchant, name);
    if (chance.happens(0.95)) this.#place(name, operation);
    if (chance.happens(0.03)) gossip(world, name);
    const visiting = visit(chance, world.gateway, name);
    // Some shops do two things at the same time.
    const others = plan.operations.filter((each) => !OWN_ORDERS.test(each));
    const all = chance.happens(0.15) ? [operation, chance.one(others)] : [operation];
    const playing = all.map((each) =>
      each === 'notify' ? this.#announcer.payment(merchant, name) : this.#shop.ask(each, merchant, name),
    );
    await Promise.all([visiting, ...playing]);
  }

  /** Over APIv2 it takes a client certificate. */
  async #playAtCounter(operation: OperationName): Promise<void> {
    const { counter } = this.#stage.world;
    if (operation === 'reverse.v2') return counter?.reverse(this.#stage, this.#number);
    if (operation === 'refund.v2') return counter?.refund(this.#stage, this.#number);
    return counter?.charge(this.#stage, this.#number);
  }

  /** The same over APIv3. */
  #playAtDesk(operation: 'refund' | 'code', name: OrderName): Promise<void> {
    const { gateway, hosts, history, judge } = this.#stage.world;
    const desk = { merchant: this.#merchant('v3'), gateway, hosts, history, judge };
    return operation === 'refund'
      ? new RefundsDesk(this.#stage, desk, { operation, timeoutMs: TIMEOUT_MS }).refund(name)
      : new Till(this.#stage, desk).charge(name, operation);
  }

  #cashier(api: string): Cashier {
    return new Cashier(this.#stage, this.#merchant(api));
  }

  #merchant(api: string): WxPayMerchant {
    const { world, chance } = this.#stage;
    return world.merchants.get(api.startsWith('v2') ? chance.one(['v2', 'v2-md5']) : 'v3');
  }

  #place(name: OrderName, operation: OperationName): void {
    const { world, chance } = this.#stage;
    const isCodePay = operation === 'reverse' || chance.happens(0.1);
    world.gateway.orders.create({
      ...name,
      ...(operation === 'notify' && chance.happens(0.3) && { appid: OTHER_APP }),
      ...(name.subMchid !== undefined && chance.happens(0.5) && { subAppid: 'wx9999999999999999' }),
      amount: { total: chance.between(1, 100_000) },
      tradeType: isCodePay ? 'MICROPAY' : chance.one(['JSAPI', 'NATIVE', 'APP']),
      attach: chance.happens(0.5) ? `attach of ${name.outTradeNo}` : undefined,
      bare: chance.happens(0.1),
    });
    if (isCodePay && chance.happens(0.4)) world.gateway.orders.setState({ ...name }, 'USERPAYING');
  }

  async #playCombine(operation: OperationName): Promise<void> {
    const { world, chance } = this.#stage;
    const merchant = world.merchants.get('v3');
    const combineOutTradeNo = this.#number;
    const { combineAppid, subOrders } = world.gateway.combineOrders.create({
      combineOutTradeNo,
      subOrders: ['a', 'b'].map((part) => ({
        outTradeNo: combineOutTradeNo + part,
        amount: { total: chance.between(1, 1_000) },
      })),
    });
    if (operation === 'combine.notify') {
      world.gateway.combineOrders.pay(combineOutTradeNo, { openid: openid() });
      return this.#announcer.combinePayment(merchant, combineOutTradeNo);
    }
    const { combineOrder } = merchant;
    const call = { operation, name: { outTradeNo: combineOutTradeNo }, timeoutMs: TIMEOUT_MS };
    const parts = subOrders.map(({ mchid, outTradeNo }) => ({ mchid, outTradeNo }));
    const asking =
      operation === 'combine.query'
        ? this.#calls.run({
            ...call,
            make: (signal) => combineOrder.query(combineOutTradeNo, { signal }),
            end: () => 'ok',
            judge: (order, since) => world.judge.combineQuery(order, combineOutTradeNo, since),
          })
        : this.#calls.run({
            ...call,
            make: (signal) =>
              combineOrder.close({ combineOutTradeNo, combineAppid, subOrders: parts }, { signal }),
            end: () => 'closed',
            judge: (_, since) => world.judge.combineClose(combineOutTradeNo, since),
          });
    await Promise.all([asking, visitCombine(chance, world.gateway, combineOutTradeNo)]);
  }
}
