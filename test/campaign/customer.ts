import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import type { Chance } from './chance.js';
import type { OrderName } from './history.js';
import type { World } from './world.js';

/** Until when a customer may make up their mind, in milliseconds from the call on. */
const HESITATION_MS = 400;
/** As openids are: 28 characters. */
const OPENID_LENGTH = 28;

let customers = 0;

/** Somebody new, under a name that is looked for in all that is logged. */
export function openid(): string {
  return `oPayer${(++customers).toString(36).toUpperCase()}`.padEnd(OPENID_LENGTH, 'x');
}

/** Pays an order before, while or after the shop asks about it, or never; some want their money back. */
export async function visit(chance: Chance, gateway: MockWxPayGateway, name: OrderName): Promise<void> {
  const when = chance.one(['never', 'never', 'at once', 'between', 'some time', 'some time'] as const);
  if (when === 'never') return;
  if (when === 'between') return payBeforeClose(gateway, name);
  if (when === 'some time') await delay(chance.between(0, HESITATION_MS));
  if (!payIfOpen(gateway, name) || !chance.happens(0.3)) return;
  await delay(chance.between(0, HESITATION_MS));
  if (gateway.orders.find(name)?.tradeState === 'SUCCESS') gateway.orders.refund({ ...name });
}

/** At the worst moment: when the close has arrived and not taken effect yet. */
function payBeforeClose(gateway: MockWxPayGateway, name: OrderName): void {
  gateway.next({
    when: { operation: 'order.close', outTradeNo: name.outTradeNo },
    before: () => void payIfOpen(gateway, name),
  });
}

/** @returns whether it is paid by this */
export function payIfOpen({ orders }: MockWxPayGateway, name: OrderName): boolean {
  const state = orders.find(name)?.tradeState ?? '';
  if (!['NOTPAY', 'USERPAYING'].includes(state)) return false;
  orders.pay({ ...name }, { openid: openid() });
  return true;
}

/** The same for a combine order. */
export async function visitCombine(chance: Chance, gateway: MockWxPayGateway, number: string): Promise<void> {
  if (chance.happens(0.5)) return;
  await delay(chance.between(0, HESITATION_MS));
  const { combineOrders } = gateway;
  const parts = combineOrders.get(number)?.subOrders ?? [];
  if (!parts.every(({ tradeState }) => tradeState === 'NOTPAY')) return;
  combineOrders.pay(number, { openid: openid() });
  await delay(chance.between(0, HESITATION_MS));
  if (chance.happens(0.3)) combineOrders.refund(number, parts[0]?.outTradeNo ?? '');
}

/** Somebody whom no answer, error or log may name. */
export function stranger({ history }: World): string {
  const name = openid();
  history.openids.add(name);
  return name;
}

/** Something on the way quotes what is nobody's business in its refusal. */
export function gossip(world: World, { outTradeNo }: OrderName): void {
  const customer = stranger(world);
  const signature = randomBytes(256).toString('base64');
  const message = `request of ${customer} refused: WECHATPAY2-SHA256-RSA2048 mchid="1",nonce_str="x",signature="${signature}" does not match`;
  world.gateway.next({ when: { outTradeNo }, status: 400, code: 'PARAM_ERROR', message });
}
