import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayProtocolError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const APPID = 'wx8888888888888888';
const MCHID = '1900000001';
const sandbox = useSandbox({}, { maxAttempts: 1 });

/** Places a combine order of two parts, the second a sub-merchant's, and says how to close it. */
function place(no: string) {
  const subMerchant = { subMchid: '1900000109', subAppid: 'wxsub' };
  sandbox.gateway.combineOrders.create({
    combineOutTradeNo: no,
    subOrders: [
      { outTradeNo: `${no}-1`, amount: { total: 100 } },
      { outTradeNo: `${no}-2`, amount: { total: 200 }, ...subMerchant },
    ],
  });
  return {
    combineOutTradeNo: no,
    combineAppid: APPID,
    subOrders: [
      { mchid: MCHID, outTradeNo: `${no}-1` },
      { mchid: MCHID, outTradeNo: `${no}-2`, ...subMerchant },
    ],
  };
}
const query = (no: string) => sandbox.merchant.combineOrder.query(no);
const states = (no: string) =>
  sandbox.gateway.combineOrders.get(no)?.subOrders.map(({ tradeState }) => tradeState);

describe('CombineOrderService.query', () => {
  it('returns the sub-orders of a combine order', async () => {
    place('C1');

    const order = await query('C1');

    expect(order).toMatchObject({ combineMchid: MCHID, combineOutTradeNo: 'C1' });
    expect(order.subOrders).toMatchObject([
      { outTradeNo: 'C1-1', tradeState: 'NOTPAY', amount: { totalAmount: 100 } },
      { outTradeNo: 'C1-2', tradeState: 'NOTPAY', subMchid: '1900000109' },
    ]);
    expect(sandbox.gateway.requests.at(-1)).toMatchObject({
      method: 'GET',
      path: '/v3/combine-transactions/out-trade-no/C1',
      body: '',
    });
  });

  it.each([
    ['lacks', undefined],
    ['does not tell in words', []],
  ])('reads the sub-orders of an order whose app WeChat Pay %s', async (_, combine_appid) => {
    const part = { mchid: MCHID, out_trade_no: 'C3-1', trade_state: 'SUCCESS' };
    const body = { combine_appid, combine_mchid: MCHID, combine_out_trade_no: 'C3', sub_orders: [part] };
    sandbox.gateway.next({ reply: { status: 200, body } });

    expect(await query('C3')).toMatchObject({
      combineAppid: '',
      subOrders: [{ outTradeNo: 'C3-1', tradeState: 'SUCCESS' }],
    });
  });

  it('names the order in its errors', async () => {
    const error = await failureOf(WxPayApiError, query('NEVER'));

    expect(error.operation).toBe('combine.query');
    expect(error.message).toContain('refused combine.query of combine order NEVER with ');
  });

  it.each([
    ['another order', { combine_out_trade_no: 'C9' }, '$.combine_out_trade_no is not the requested one'],
    ['another merchant', { combine_mchid: '1900000002' }, '$.combine_mchid is not the requested one'],
    ['no merchant', { combine_mchid: '' }, '$.combine_mchid is empty.'],
  ])('refuses a reply about %s', async (_, other, problem) => {
    const body = { combine_appid: APPID, combine_mchid: MCHID, combine_out_trade_no: 'C2', sub_orders: [] };
    sandbox.gateway.next({ reply: { status: 200, body: { ...body, ...other } } });

    const error = await failureOf(WxPayProtocolError, query('C2'));

    expect(error.message).toContain(problem);
  });
});

describe('CombineOrderService.close', () => {
  it('closes all sub-orders, repeatedly', async () => {
    const order = place('C3');

    await sandbox.merchant.combineOrder.close(order);
    await sandbox.merchant.combineOrder.close(order);

    expect(states('C3')).toEqual(['CLOSED', 'CLOSED']);
    expect(sandbox.gateway.requests.at(-1)).toMatchObject({
      method: 'POST',
      path: '/v3/combine-transactions/out-trade-no/C3/close',
      body: JSON.stringify({
        combine_appid: APPID,
        sub_orders: [
          { mchid: MCHID, out_trade_no: 'C3-1' },
          { mchid: MCHID, out_trade_no: 'C3-2', sub_mchid: '1900000109', sub_appid: 'wxsub' },
        ],
      }),
    });
  });

  it('confirms an unsigned ORDER_CLOSED of a closed order with a verified query', async () => {
    const order = place('C4');
    sandbox.gateway.combineOrders.close('C4');
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED' });

    await expect(sandbox.merchant.combineOrder.close(order)).resolves.toBeUndefined();
  });

  it('refuses an unsigned ORDER_CLOSED of an open order after a verified query', async () => {
    const order = place('C5');
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED' });

    const error = await failureOf(WxPayApiError, sandbox.merchant.combineOrder.close(order));

    expect(error).toMatchObject({ code: 'TRADE_ERROR', kind: 'order-state', signed: false });
    expect(error.message).toContain('refused combine.close of combine order C5 with ');
  });

  it('refuses an unsigned ORDER_CLOSED of an order of which only a part is closed', async () => {
    const order = place('C9');
    const parts = order.subOrders.map(({ mchid, outTradeNo }, index) => ({
      mchid,
      out_trade_no: outTradeNo,
      trade_state: index === 0 ? 'CLOSED' : 'NOTPAY',
    }));
    const body = {
      combine_appid: APPID,
      combine_mchid: MCHID,
      combine_out_trade_no: 'C9',
      sub_orders: parts,
    };
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED' });
    sandbox.gateway.next({ reply: { status: 200, body } });

    const error = await failureOf(WxPayApiError, sandbox.merchant.combineOrder.close(order));

    expect(error).toMatchObject({ code: 'TRADE_ERROR', signed: false });
    expect(error.message).toContain('a verified query finds it in parts of different states');
  });

  it('sends no query after a signed ORDER_CLOSED', async () => {
    const order = place('C6');
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED', signed: true });
    const before = sandbox.gateway.requests.length;

    await sandbox.merchant.combineOrder.close(order);

    expect(sandbox.gateway.requests).toHaveLength(before + 1);
  });

  it.each([
    ['C7', {}],
    ['C8', { timeoutMs: undefined }],
  ])('uses the timeout of the merchant unless an option sets another: %s, %j', async (no, options) => {
    const order = place(no);
    const merchant = sandbox.merchantWith({ timeoutMs: 300, maxAttempts: 1 });
    sandbox.gateway.next({ status: 400, code: 'ORDER_CLOSED' });
    sandbox.gateway.next({ fault: 'hang' });

    const closing = merchant.combineOrder.close(order, options);

    await expect(closing).rejects.toMatchObject({ code: 'WXPAY_TRANSPORT', timedOut: true });
    expect(sandbox.gateway.requests.at(-1)).toMatchObject({ operation: 'combine.query' });
  });
});
