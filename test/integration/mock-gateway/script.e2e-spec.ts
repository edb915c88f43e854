import { describe, expect, it } from '@jest/globals';
import { handSign, QUERY_A1, send } from '../../support/signing/hand-signed-request.js';
import { useOrderAtGateway } from '../../support/harness/order-at-gateway.js';

const at = useOrderAtGateway();
const { query, close } = at;

describe('MockWxPayGateway.next', () => {
  it('serves several in the order of the calls, one request each', async () => {
    at.gateway.next({ status: 500, code: 'SYSTEM_ERROR' });
    at.gateway.next({ status: 429, code: 'FREQUENCY_LIMITED' });

    const statuses = [(await query()).status, (await query()).status, (await query()).status];

    expect(statuses).toEqual([500, 429, 200]);
  });

  it.each([
    ['operation', () => ({ operation: 'order.close' })],
    ['order', () => ({ outTradeNo: at.no, operation: 'order.close' })],
  ])('waits for the request with the %s asked for', async (_, when) => {
    at.gateway.next({ when: when(), status: 500, code: 'SYSTEM_ERROR' });

    const statuses = [(await query()).status, (await close()).status, (await close()).status];

    expect(statuses).toEqual([200, 500, 204]);
  });

  it('does not serve another order', async () => {
    at.gateway.next({ when: { outTradeNo: 'OTHER' }, status: 500, code: 'SYSTEM_ERROR' });

    const [mine, mineAgain] = [await query(), await query()];
    at.no = 'OTHER';
    const other = await query();

    expect([mine.status, mineAgain.status, other.status]).toEqual([200, 200, 500]);
  });

  it('runs `before` ahead of the request: an order is paid while it is being closed', async () => {
    at.gateway.next({ when: { operation: 'order.close' }, before: () => void at.gateway.orders.pay(at.no) });

    const [asked, closed] = [await query(), await close()];

    expect(JSON.parse(asked.body)).toMatchObject({ trade_state: 'NOTPAY' });
    expect(JSON.parse(closed.body)).toMatchObject({ code: 'ORDER_PAID' });
  });

  it('is not used up by a request that fails verification', async () => {
    at.gateway.next({ reply: { status: 200, body: {} } });
    const faulty = { ...handSign(at.gateway, { path: QUERY_A1.replace('A1', at.no) }), method: 'POST' };

    const [refused, served] = [await send(at.gateway, faulty), await query()];

    expect([refused.status, served.status, served.body]).toEqual([401, 200, '{}']);
  });

  it('delays one answer', async () => {
    at.gateway.next({ delayMs: 50 });
    const start = performance.now();

    const reply = await query();

    expect(performance.now() - start).toBeGreaterThan(45);
    expect(JSON.parse(reply.body)).toMatchObject({ trade_state: 'NOTPAY' });
  });
});
