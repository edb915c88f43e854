import { WxPayError, type CombineOrderService, type PrepayService, type WxPayMerchant } from 'nestjs-wxpay';
import { Calls } from './calls.js';
import { openid, stranger } from './customer.js';
import { requestsOf, wasAnsweredOnce, type Desk } from './desk.js';
import type { OrderName } from './history.js';
import type { Stage } from './stage.js';
import type { Offence } from './tally.js';
import { TIMEOUT_MS } from './world.js';

/** How often a shop tries to place an order. */
const TRIES = 4;
const FORMS = ['jsapi', 'miniProgram', 'app', 'h5', 'native'] as const;
type Form = (typeof FORMS)[number];
const SCENE = { payerClientIp: '14.23.150.211', h5Info: { type: 'Wap' } } as const;
/** The merchant of the second part of a combine order. */
const PART_MCHID = '1900000002';

/** An order to place. */
interface Sale {
  readonly operation: 'prepay' | 'combine.prepay';
  /** The operation of its requests. */
  readonly asked: 'order.prepay' | 'combine.prepay';
  readonly name: OrderName;
  /** @returns what the customer pays with */
  readonly place: (signal: AbortSignal) => Promise<string>;
  readonly isPlaced: () => boolean;
  readonly isPaid: () => boolean;
}

/** A shop that places orders, sends its customers what they pay with, and has to know which of its orders exist. */
export class Cashier {
  readonly #stage: Stage;
  readonly #calls: Calls;
  readonly #desk: Desk;
  readonly #form: Form;
  /** What an earlier call may have placed, or may still place: its request may arrive late. */
  readonly #doubtful = new Set<Sale>();

  constructor(stage: Stage, merchant: WxPayMerchant) {
    const { gateway, hosts, history, judge } = stage.world;
    this.#stage = stage;
    this.#calls = new Calls(stage);
    this.#desk = { merchant, gateway, hosts, history, judge };
    this.#form = stage.chance.one(FORMS);
  }

  /** Sells something: under another number only if the first is certainly not placed. */
  async sell(number: string, subMchid?: string): Promise<void> {
    await this.#sell((tried) =>
      this.#order({ outTradeNo: `${number}-${tried}`, ...(subMchid && { subMchid }) }),
    );
  }

  /** The same for a cart of two merchants. */
  async sellCart(number: string): Promise<void> {
    await this.#sell((tried) => this.#cart(`${number}-${tried}`));
  }

  async #sell(saleOf: (tried: number) => Sale): Promise<void> {
    const { tally, chance } = this.#stage;
    const sales = [saleOf(0)];
    if (chance.happens(0.3)) await this.#confuse(saleOf, sales[0]);
    for (let tries = 0; tries < TRIES; tries++) {
      // Sound: it begins with one.
      const sale = sales.at(-1) as Sale;
      const failure = await this.#place(sale);
      if (failure === undefined || !failure.retryable) break;
      // What may be placed is placed again with the same content; what is not, under a new number.
      if (!this.#doubtful.has(sale) && !sale.isPlaced()) sales.push(saleOf(sales.length));
    }
    for (const sale of sales) tally.offended(this.#sameContent(sale));
    if (sales.filter((sale) => sale.isPlaced()).length > 1) {
      tally.offended(twice(sales[0], 'placed, said not to be, and placed again under another number'));
    }
  }

  /** Something on the way answers the order with the signed reply to another one, which another customer would pay. */
  async #confuse(saleOf: (tried: number) => Sale, sale: Sale | undefined): Promise<void> {
    const { merchant, gateway } = this.#desk;
    if (merchant.api !== 'v3' || sale === undefined) return;
    const other = saleOf(9);
    await this.#place(other);
    const { outTradeNo } = other.name;
    if (!other.isPaid() || !wasAnsweredOnce(this.#desk, other.asked, outTradeNo)) return;
    gateway.next({
      when: { operation: sale.asked, outTradeNo: sale.name.outTradeNo },
      fault: 'replayed',
      outTradeNo,
    });
  }

  /** @returns how it failed, if it did so otherwise than by the caller leaving */
  async #place(sale: Sale): Promise<WxPayError | undefined> {
    const isDoubtful = sale.isPlaced() || this.#doubtful.has(sale);
    let failure: WxPayError | undefined;
    await this.#calls.run({
      operation: sale.operation,
      name: sale.name,
      timeoutMs: TIMEOUT_MS,
      make: (signal) =>
        sale.place(signal).catch((error: unknown) => {
          if (error instanceof WxPayError) failure = error;
          throw error;
        }),
      end: () => 'placed',
      judge: (ticket) => (sale.isPaid() ? undefined : this.#pay(ticket, sale)),
      blame: (error) =>
        !isDoubtful && sale.isPlaced() && error.outcomeUnknown !== true
          ? twice(sale, `${error.code} without outcomeUnknown, but it is placed`)
          : undefined,
    });
    if (failure?.outcomeUnknown === true) this.#doubtful.add(sale);
    return failure;
  }

  /** The customer pays with what was sent to the client: this order, and no other. */
  #pay(ticket: string, sale: Sale): Offence | undefined {
    try {
      this.#desk.gateway.customer.pay(ticket, { openid: openid() });
    } catch (error) {
      return ['wrong results', `${sale.name.outTradeNo} cannot be paid: ${String(error)}`];
    }
    return sale.isPaid()
      ? undefined
      : ['wrong results', `the customer of ${sale.name.outTradeNo} paid another order`];
  }

  /** An order is placed again with the same bytes; over APIv2, nonce and signature are new. */
  #sameContent(sale: Sale): Offence | undefined {
    const contents = requestsOf(this.#desk, sale.asked, sale.name.outTradeNo).map(({ body }) =>
      body.replaceAll(/<(nonce_str|sign)>.*?<\/\1>/g, ''),
    );
    return new Set(contents).size > 1 ? twice(sale, 'placed again with other content') : undefined;
  }

  #order(name: OrderName): Sale {
    const { world, chance } = this.#stage;
    const { merchant, history } = this.#desk;
    const order = {
      ...name,
      description: 'Tea, black',
      amount: { total: chance.between(1, 100_000) },
      attach: `table of ${name.outTradeNo}`,
      productId: 'tea-1',
      ...(chance.happens(0.5) && { expiresAt: new Date(Date.now() + 3_600_000) }),
    };
    const payer = { openid: stranger(world) };
    return {
      operation: 'prepay',
      asked: 'order.prepay',
      name,
      place: (signal) => this.#placeBy(merchant.prepay, { ...order, payer }, signal),
      isPlaced: () => history.exists(name),
      isPaid: () => history.wasEverPaid(name),
    };
  }

  #cart(combineOutTradeNo: string): Sale {
    const { world } = this.#stage;
    const { merchant, gateway } = this.#desk;
    const subOrders = [merchant.mchid, PART_MCHID].map((mchid, index) => ({
      mchid,
      outTradeNo: `${combineOutTradeNo}-${index}`,
      amount: { total: 100 + index },
      attach: 'table 7',
      description: 'Tea, black',
    }));
    const order = { combineOutTradeNo, subOrders, payer: { openid: stranger(world) } };
    const find = () => gateway.combineOrders.get(combineOutTradeNo);
    return {
      operation: 'combine.prepay',
      asked: 'combine.prepay',
      name: { outTradeNo: combineOutTradeNo },
      place: (signal) => this.#placeBy(merchant.combineOrder, order, signal),
      isPlaced: () => find() !== undefined,
      isPaid: () => find()?.combineTransactionId !== undefined,
    };
  }

  /** @returns what the customer pays with */
  async #placeBy(
    service: PrepayService | CombineOrderService,
    order: { readonly payer: { readonly openid: string } },
    signal: AbortSignal,
  ): Promise<string> {
    // Sound: both services have a method for each form, which takes the order of its kind with these members.
    const place = service as unknown as Record<Form, (...args: unknown[]) => Promise<object>>;
    const rest = { ...order, payer: undefined };
    const content = {
      jsapi: order,
      miniProgram: order,
      app: rest,
      h5: { ...rest, sceneInfo: SCENE },
      native: rest,
    }[this.#form];
    const placed: object = await place[this.#form](content, { signal });
    const { prepayId, codeUrl, h5Url } = placed as Record<'prepayId' | 'codeUrl' | 'h5Url', string>;
    return prepayId ?? codeUrl ?? h5Url;
  }
}

function twice(sale: Sale | undefined, how: string): Offence {
  return ['payments taken twice', `${sale?.name.outTradeNo}: ${how}`];
}
