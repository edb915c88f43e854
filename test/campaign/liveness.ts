import { WxPayTransportError, type OrderRef, type WxPayMerchant } from 'nestjs-wxpay';
import { openid } from './customer.js';
import type { OrderName } from './history.js';
import { HANGS, inTime } from './in-time.js';
import type { Offence } from './tally.js';
import { TIMEOUT_MS, type World } from './world.js';

/** In all, twice as many calls of each merchant as it makes at a time: no place may be taken for ever. */
const ORDERS = 22;
/** Few at a time, and once more whoever got no answer in time, as the machine may be busy. */
const CONCURRENCY = 4;
const TRIES = 3;

/**
 * Asks every merchant about new orders once nothing goes wrong any more, and again with one host down at a time.
 *
 * @returns what was not answered, or not with the truth
 */
export async function liveness(world: World, round: number): Promise<readonly Offence[]> {
  const names = Array.from({ length: ORDERS }, (_, index) => ({ outTradeNo: `R${round}L${index}` }));
  for (const [index, name] of names.entries()) {
    world.gateway.orders.create({ ...name, amount: { total: index + 1 } });
    if (index % 2 === 0) world.gateway.orders.pay({ ...name }, { openid: openid() });
  }
  const offences: (Offence | undefined)[] = [];
  // What hangs once hangs again: the first is enough.
  const isDead = (): boolean => offences.some((offence) => offence !== undefined);
  await world.withoutFaults(async () => {
    if (isDead()) return;
    for (const merchant of world.merchants.names().map((each) => world.merchants.get(each))) {
      const waiting = [...names];
      async function askOn(): Promise<void> {
        for (let name; !isDead() && (name = waiting.shift()) !== undefined;) {
          offences.push(await ask(world, merchant, name));
        }
      }
      await Promise.all(Array.from({ length: CONCURRENCY }, askOn));
      if (!isDead()) offences.push(...(await askTogether(world, merchant, names)));
    }
  });
  return offences.filter((offence) => offence !== undefined);
}

async function ask(world: World, merchant: WxPayMerchant, name: OrderName): Promise<Offence | undefined> {
  let why: unknown;
  for (let tries = 0; tries < TRIES; tries++) {
    const since = performance.now();
    try {
      const order = await inTime(merchant.orderQuery.query(name), 2 * TIMEOUT_MS);
      if (order === HANGS) return unanswered(merchant, name, 'for ever');
      return world.judge.query(order, name, since);
    } catch (error) {
      why = error;
      if (!(error instanceof WxPayTransportError && error.timedOut)) break;
    }
  }
  return unanswered(merchant, name, why);
}

/** Each order has to come, once. */
async function askTogether(
  world: World,
  merchant: WxPayMerchant,
  names: readonly OrderName[],
): Promise<readonly (Offence | undefined)[]> {
  const since = performance.now();
  const waiting = new Set<OrderRef>(names);
  const offences: (Offence | undefined)[] = [];
  const asking = (async () => {
    for await (const { ref, order, error } of merchant.orderQuery.queryMany(names, {
      concurrency: CONCURRENCY,
    })) {
      const name = ref as OrderName;
      if (!waiting.delete(ref)) offences.push(unanswered(merchant, name, 'twice'));
      else if (error !== undefined) offences.push(await ask(world, merchant, name));
      else offences.push(world.judge.query(order, name, since));
    }
  })();
  await inTime(asking, 2 * TIMEOUT_MS);
  return [...offences, ...[...waiting].map((ref) => unanswered(merchant, ref as OrderName, 'one of many'))];
}

function unanswered({ name }: WxPayMerchant, { outTradeNo }: OrderName, how: unknown): Offence {
  return ['unanswered', `${name} about ${outTradeNo}: ${String(how)}`];
}
