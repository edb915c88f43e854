import type { WxPayMerchant } from 'nestjs-wxpay';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { Calls } from './calls.js';
import type { OrderName } from './history.js';
import type { Stage } from './stage.js';
import { TIMEOUT_MS } from './world.js';

/** What a stranger writes after an order number, so that the request about it can be cut into a reply. */
const TAIL = '&amp;result_code=SUCCESS&amp;return_code=SUCCESS</out_trade_no>';
const CUT_TAIL = '</out_trade_no><result_code>SUCCESS</result_code><return_code>SUCCESS</return_code>';

/** Something on the way that answers the close of an order with a signed message that is about something else. */
export class Repeater {
  readonly #stage: Stage;
  readonly #calls: Calls;

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#calls = new Calls(stage);
  }

  /** @param closed an order that the merchant has just closed */
  async closeAnother(merchant: WxPayMerchant, closed: OrderName): Promise<void> {
    if (!this.#wasProven(merchant, closed)) return;
    const another = { ...closed, outTradeNo: `${closed.outTradeNo}-2` };
    if (merchant.api === 'v2') {
      await this.#closeByOwnRequest(merchant, another);
      return this.#closeTwo(merchant, closed);
    }
    await this.#close(merchant, another, { fault: 'replayed', outTradeNo: closed.outTradeNo });
  }

  /** The replies to two closes over APIv2 are one and the same, and only the first order is closed. */
  async #closeTwo(merchant: WxPayMerchant, closed: OrderName): Promise<void> {
    const { orders } = this.#stage.world.gateway;
    const { outTradeNo, subMchid } = closed;
    const first = { ...closed, outTradeNo: `${outTradeNo}-3` };
    const second = { ...closed, outTradeNo: `${outTradeNo}-4` };
    const body = {
      return_code: 'SUCCESS',
      appid: 'wx8888888888888888',
      mch_id: merchant.mchid,
      ...(subMchid && { sub_mch_id: subMchid }),
      nonce_str: outTradeNo,
      result_code: 'SUCCESS',
    };
    const reply = { status: 200, body };
    const end = await this.#close(merchant, first, { before: () => void orders.close(first), reply });
    if (end === undefined || !this.#wasProven(merchant, first)) return;
    await this.#close(merchant, second, { reply });
  }

  /** The app asks about a number that a stranger has written, and is sent back what it signed. */
  async #closeByOwnRequest(merchant: WxPayMerchant, name: OrderName): Promise<void> {
    const { hosts } = this.#stage.world;
    const fields = {
      out_trade_no: `${name.outTradeNo}&result_code=SUCCESS&return_code=SUCCESS`,
      ...(name.subMchid && { sub_mch_id: name.subMchid }),
    };
    await this.#calls.run({
      operation: 'client',
      name,
      timeoutMs: TIMEOUT_MS,
      make: (signal) => merchant.client.request({ path: '/pay/closeorder', fields }, { signal }),
      end: () => 'sent',
      judge: () => undefined,
    });
    const signed = hosts
      .flatMap(({ requests }) => requests)
      .find(({ body }) => body.includes(`<out_trade_no>${name.outTradeNo}${TAIL}`));
    if (signed === undefined) return;
    const body = signed.body.replace(TAIL, CUT_TAIL);
    await this.#close(merchant, name, { reply: { status: 200, body } });
  }

  /** Closes a new order, for which the main host does something else. */
  #close(merchant: WxPayMerchant, name: OrderName, behaviour: MockBehaviour): Promise<string | undefined> {
    const { gateway, judge } = this.#stage.world;
    gateway.orders.create({ ...name, amount: { total: 1 } });
    gateway.next({ when: { operation: 'order.close', outTradeNo: name.outTradeNo }, ...behaviour });
    return this.#calls.run({
      operation: 'close',
      name,
      timeoutMs: TIMEOUT_MS,
      make: async (signal) => {
        await merchant.orderClose.close(name, { signal });
        return 'closed';
      },
      end: (closed) => closed,
      judge: (_, since) => judge.close(name, since),
    });
  }

  /** Whether one reply of the main host is what closed the order for the merchant: one that never arrived would be new. */
  #wasProven({ api }: WxPayMerchant, { outTradeNo }: OrderName): boolean {
    const { gateway, hosts } = this.#stage.world;
    const success = api === 'v3' ? 204 : 200;
    const closes = hosts.flatMap((host) =>
      host.requests
        .filter((request) => request.operation === 'order.close' && request.outTradeNo === outTradeNo)
        .map(({ status, fault }) => ({ host, isGenuine: status === success && fault === undefined })),
    );
    return closes.length === 1 && closes.every(({ host, isGenuine }) => host === gateway && isGenuine);
  }
}
