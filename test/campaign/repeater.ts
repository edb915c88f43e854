import type { WxPayMerchant } from 'nestjs-wxpay';
import { Calls } from './calls.js';
import type { OrderName } from './history.js';
import type { Stage } from './stage.js';
import { TIMEOUT_MS } from './world.js';

/** Something on the way that answers the close of an order with the proof that another one was closed. */
export class Repeater {
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** @param closed an order that the merchant has just closed */
  async closeAnother(merchant: WxPayMerchant, closed: OrderName): Promise<void> {
    const { gateway, judge } = this.#stage.world;
    if (!this.#wasProven(closed)) return;
    const another = { ...closed, outTradeNo: `${closed.outTradeNo}-2` };
    gateway.orders.create({ ...another, amount: { total: 1 } });
    gateway.next({
      when: { operation: 'order.close', outTradeNo: another.outTradeNo },
      fault: 'replayed',
      outTradeNo: closed.outTradeNo,
    });
    await new Calls(this.#stage).run({
      operation: 'close',
      name: another,
      timeoutMs: TIMEOUT_MS,
      make: (signal) => merchant.orderClose.close(another, { signal }),
      end: () => 'closed',
      judge: (_, since) => judge.close(another, since),
    });
  }

  /** Whether the 204 of the main host is what closed the order for the merchant: one that never arrived would be new. */
  #wasProven({ outTradeNo }: OrderName): boolean {
    const { gateway, hosts } = this.#stage.world;
    const closes = hosts.flatMap((host) =>
      host.requests
        .filter((request) => request.operation === 'order.close' && request.outTradeNo === outTradeNo)
        .map(({ status, fault }) => ({ host, isGenuine: status === 204 && fault === undefined })),
    );
    return closes.length === 1 && closes.every(({ host, isGenuine }) => host === gateway && isGenuine);
  }
}
