import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { lastValueFrom } from 'rxjs';
import { WXPAY_CHANNELS, WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });
const FLAWS = { scene_info: [], payer: [], promotion_detail: [{ coupon_id: '1' }] };
const PATHS = ['$.payer', '$.scene_info', '$.promotion_detail[0].amount'];

/** A paid order, told once with flaws in what decorates it. */
function paidOrder(outTradeNo: string, flaws: object = FLAWS): void {
  const { mchid } = sandbox.gateway.options();
  const amount = { total: 100, currency: 'CNY' };
  sandbox.gateway.next({
    reply: {
      status: 200,
      body: { mchid, out_trade_no: outTradeNo, trade_state: 'SUCCESS', amount, ...flaws },
    },
  });
}

const events: unknown[] = [];
const record = (event: unknown): void => void events.push(event);
beforeEach(() => subscribe(WXPAY_CHANNELS.fieldsLeftOut, record));
afterEach(() => {
  unsubscribe(WXPAY_CHANNELS.fieldsLeftOut, record);
  events.length = 0;
});

const ways: readonly [string, (outTradeNo: string) => Promise<unknown>, object][] = [
  ['query', (outTradeNo) => sandbox.merchant.orderQuery.query({ outTradeNo }), { tradeState: 'SUCCESS' }],
  [
    'queryMany',
    async (outTradeNo) => {
      const outcomes: unknown[] = [];
      for await (const outcome of sandbox.merchant.orderQuery.queryMany([{ outTradeNo }])) {
        outcomes.push(outcome);
      }
      return outcomes[0];
    },
    { order: { tradeState: 'SUCCESS' } },
  ],
  [
    'watch',
    (outTradeNo) => lastValueFrom(sandbox.merchant.orderQuery.watch({ outTradeNo }, { scheduleMs: [1] })),
    { tradeState: 'SUCCESS' },
  ],
  ['settle', (outTradeNo) => sandbox.merchant.orderSettle.settle({ outTradeNo }), { outcome: 'paid' }],
];

describe('V3Pipeline, receiving a paid order with unreadable details', () => {
  it.each(ways)('returns it as paid to %s, and reports the paths', async (way, call, result) => {
    const outTradeNo = `flawed-${way}`;
    paidOrder(outTradeNo);

    await expect(call(outTradeNo)).resolves.toMatchObject(result);

    expect(events).toEqual([{ merchant: 'default', operation: 'order.query', outTradeNo, paths: PATHS }]);
  });

  it("reports them under the merchant's number for a query by the number of WeChat Pay", async () => {
    paidOrder('by-its-own', { ...FLAWS, transaction_id: '42' });

    await sandbox.merchant.orderQuery.query({ transactionId: '42' });

    expect(events).toMatchObject([{ outTradeNo: 'by-its-own' }]);
  });

  it('reports nothing of another order than the requested one', async () => {
    paidOrder('another');

    await failureOf(WxPayProtocolError, sandbox.merchant.orderQuery.query({ outTradeNo: 'asked-for' }));

    expect(events).toEqual([]);
  });

  it('reports them for a combine order, under its combine order number', async () => {
    const { mchid: combine_mchid } = sandbox.gateway.options();
    const body = {
      combine_mchid,
      combine_appid: 'wx8888888888888888',
      combine_out_trade_no: 'whole-1',
      sub_orders: [{ mchid: '1', out_trade_no: 'p1', trade_state: 'SUCCESS', attach: 1 }],
    };
    sandbox.gateway.next({ reply: { status: 200, body } });

    await sandbox.merchant.combineOrder.query('whole-1');

    const paths = ['$.sub_orders[0].attach'];
    expect(events).toEqual([
      { merchant: 'default', operation: 'combine.query', outTradeNo: 'whole-1', paths },
    ]);
  });
});
