import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { CLOSE_A1, handSign, MERCHANT_BODY, QUERY_A1, send } from '../support/hand-signed-request.js';

let gateway: MockWxPayGateway;
let serial = 0;
let no: string;

beforeAll(async () => {
  gateway = await MockWxPayGateway.start();
  gateway.orders.create({ outTradeNo: 'OTHER', amount: { total: 1 } });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  no = gateway.orders.create({ outTradeNo: `B${++serial}`, amount: { total: 100 } }).outTradeNo;
});

const query = () => send(gateway, handSign(gateway, { path: QUERY_A1.replace('A1', no) }));
const close = () =>
  send(gateway, handSign(gateway, { method: 'POST', path: CLOSE_A1.replace('A1', no), body: MERCHANT_BODY }));
describe('MockWxPayGateway.next', () => {
  it('serves several in the order of the calls, one request each', async () => {
    gateway.next({ status: 500, code: 'SYSTEM_ERROR' });
    gateway.next({ status: 429, code: 'FREQUENCY_LIMITED' });

    const statuses = [(await query()).status, (await query()).status, (await query()).status];

    expect(statuses).toEqual([500, 429, 200]);
  });

  it.each([
    ['operation', () => ({ operation: 'order.close' })],
    ['order', () => ({ outTradeNo: no, operation: 'order.close' })],
  ])('waits for the request with the %s asked for', async (_, when) => {
    gateway.next({ when: when(), status: 500, code: 'SYSTEM_ERROR' });

    const statuses = [(await query()).status, (await close()).status, (await close()).status];

    expect(statuses).toEqual([200, 500, 204]);
  });

  it('does not serve another order', async () => {
    gateway.next({ when: { outTradeNo: 'OTHER' }, status: 500, code: 'SYSTEM_ERROR' });

    const [mine, mineAgain] = [await query(), await query()];
    no = 'OTHER';
    const other = await query();

    expect([mine.status, mineAgain.status, other.status]).toEqual([200, 200, 500]);
  });

  it('runs `before` ahead of the request: an order is paid while it is being closed', async () => {
    gateway.next({ when: { operation: 'order.close' }, before: () => void gateway.orders.pay(no) });

    const [asked, closed] = [await query(), await close()];

    expect(JSON.parse(asked.body)).toMatchObject({ trade_state: 'NOTPAY' });
    expect(JSON.parse(closed.body)).toMatchObject({ code: 'ORDER_PAID' });
  });

  it('is not used up by a request that fails verification', async () => {
    gateway.next({ reply: { status: 200, body: {} } });
    const faulty = { ...handSign(gateway, { path: QUERY_A1.replace('A1', no) }), method: 'POST' };

    const [refused, served] = [await send(gateway, faulty), await query()];

    expect([refused.status, served.status, served.body]).toEqual([401, 200, '{}']);
  });

  it('delays one answer', async () => {
    gateway.next({ delayMs: 50 });
    const start = performance.now();

    const reply = await query();

    expect(performance.now() - start).toBeGreaterThan(45);
    expect(JSON.parse(reply.body)).toMatchObject({ trade_state: 'NOTPAY' });
  });
});
