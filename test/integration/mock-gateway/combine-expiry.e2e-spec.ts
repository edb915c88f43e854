import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { handSign, send } from '../../support/signing/hand-signed-request.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

let gateway: MockWxPayGateway;
let serial = 0;
/** The clock of the gateway. */
let now = 0;

beforeAll(async () => {
  gateway = await startGateway({ now: () => now });
});
afterAll(() => gateway.stop());

const states = (no: string) => gateway.combineOrders.get(no)?.subOrders.map(({ tradeState }) => tradeState);

describe('MockWxPayGateway, asked to place a combine order with a time_expire', () => {
  const END = '2026-11-21T12:10:00+08:00';
  const at = (time: string): number => Date.parse(`2026-11-21T${time}+08:00`);

  /** Places the order at noon by the clock of the gateway. */
  async function placeAtNoon(time_expire: string) {
    now = at('12:00:00');
    const no = `EXPIRING-${++serial}`;
    const body = JSON.stringify({
      combine_appid: 'wx8888888888888888',
      combine_mchid: '1900000001',
      combine_out_trade_no: no,
      combine_payer_info: { openid: 'oAlice' },
      sub_orders: [1, 2].map((part) => ({
        mchid: '1900000001',
        out_trade_no: `${no}-${part}`,
        amount: { total_amount: 100, currency: 'CNY' },
        attach: 'table 7',
        description: 'tea',
      })),
      time_expire,
      notify_url: 'https://shop.example/paid',
    });
    const path = '/v3/combine-transactions/jsapi';
    const signed = handSign(gateway, { method: 'POST', path, body, timestamp: now / 1000 });
    const reply = JSON.parse((await send(gateway, signed)).body) as { prepay_id: string };
    return { no, ticket: reply.prepay_id };
  }

  it('refuses its payment after that, though it stays open', async () => {
    const { no, ticket } = await placeAtNoon(END);
    now = at('12:10:01');
    const refusal = `Combine order "${no}" cannot be paid: its time_expire was 2026-11-21T04:10:00.000Z. Place it with a later one.`;

    expect(() => gateway.combineOrders.pay(no)).toThrow(refusal);
    expect(() => gateway.customer.pay(ticket)).toThrow(refusal);
    expect(states(no)).toEqual(['NOTPAY', 'NOTPAY']);
  });

  it.each([
    ['12:10:00', true],
    ['12:10:01', false],
  ])('knows at %s if an order that expires at 12:10 can be paid: %s', async (time, isPayable) => {
    const { no } = await placeAtNoon(END);
    now = at(time);

    const placed = gateway.combineOrders.list().find(({ combineOutTradeNo }) => combineOutTradeNo === no);

    expect(placed && gateway.combineOrders.isPayable(placed)).toBe(isPayable);
  });

  it('lets it be paid at its end', async () => {
    const { no } = await placeAtNoon(END);
    now = Date.parse(END);

    gateway.combineOrders.pay(no);

    expect(states(no)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it('moves an end that is too early to a minute from now', async () => {
    const { no } = await placeAtNoon('2026-11-21T12:00:01+08:00');

    expect(gateway.combineOrders.get(no)?.timeExpire).toEqual(new Date('2026-11-21T12:01:00+08:00'));
  });
});
