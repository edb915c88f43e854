import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type MockPaymentMoment } from 'nestjs-wxpay/testing';
import { CLOSE_A1, handSign, MERCHANT_BODY, QUERY_A1, send } from '../support/hand-signed-request.js';
import { handSignV2, sendV2 } from '../support/hand-signed-v2.js';

let gateway: MockWxPayGateway;
let serial = 0;
let no: string;

beforeAll(async () => {
  gateway = await MockWxPayGateway.start();
});
afterAll(() => gateway.stop());
beforeEach(() => {
  no = gateway.orders.create({ outTradeNo: `P${++serial}`, amount: { total: 100 } }).outTradeNo;
});

const post = (path: string, body: string) => send(gateway, handSign(gateway, { method: 'POST', path, body }));
const close = () => post(CLOSE_A1.replace('A1', no), MERCHANT_BODY);
const closeV2 = () =>
  sendV2(gateway, handSignV2(gateway, { path: '/pay/closeorder', fields: { out_trade_no: no } }));
const inClose = (moment?: MockPaymentMoment) =>
  gateway.next({ when: { operation: 'order.close' }, fault: 'pay-during-close', moment });

describe('MockWxPayGateway.next with a payment during the close', () => {
  it.each<[moment: MockPaymentMoment | undefined, status: number, code: string]>([
    [undefined, 400, 'ORDER_PAID'],
    ['before', 400, 'ORDER_PAID'],
    ['during', 500, 'SYSTEM_ERROR'],
    ['after', 403, 'TRADE_ERROR'],
  ])('pays the order and refuses the close: %s', async (moment, status, code) => {
    inClose(moment);

    const reply = await close();

    expect([reply.status, JSON.parse(reply.body)]).toMatchObject([status, { code }]);
    expect(gateway.orders.get(no)).toMatchObject({ tradeState: 'SUCCESS' });
  });

  it.each<[moment: MockPaymentMoment | undefined, code: string]>([
    [undefined, 'ORDERPAID'],
    ['during', 'SYSTEMERROR'],
    ['after', 'TRADE_STATE_ERROR'],
  ])('does so over APIv2: %s', async (moment, code) => {
    inClose(moment);

    const { fields } = await closeV2();

    expect(fields).toMatchObject({ result_code: 'FAIL', err_code: code });
    expect(gateway.orders.get(no)).toMatchObject({ tradeState: 'SUCCESS' });
  });

  it('pays a combine order', async () => {
    const subOrders = ['a', 'b'].map((part) => ({ outTradeNo: `${no}${part}`, amount: { total: 1 } }));
    gateway.combineOrders.create({ combineOutTradeNo: no, subOrders });
    gateway.next({ when: { operation: 'combine.close' }, fault: 'pay-during-close' });

    const parts = subOrders.map(({ outTradeNo }) => ({ mchid: '1900000001', out_trade_no: outTradeNo }));
    const reply = await post(
      `/v3/combine-transactions/out-trade-no/${no}/close`,
      JSON.stringify({ combine_appid: 'wx8888888888888888', sub_orders: parts }),
    );

    expect(JSON.parse(reply.body)).toMatchObject({ code: 'ORDER_PAID' });
    expect(gateway.combineOrders.get(no)).toHaveProperty('combineTransactionId');
    expect(gateway.orders.get(no)).toMatchObject({ tradeState: 'NOTPAY' });
  });

  it('says so when the order cannot be paid', async () => {
    gateway.orders.close(no);
    inClose();

    const reply = await close();

    expect(reply.body).toBe(`The mock gateway failed: Order "${no}" cannot be paid: it is CLOSED.`);
  });

  it('says so when the request is none to close', async () => {
    gateway.next({ fault: 'pay-during-close' });

    const reply = await send(gateway, handSign(gateway, { path: QUERY_A1.replace('A1', no) }));

    expect(reply.body).toBe(
      `The mock gateway failed: "pay-during-close" is for closing. Add when: { operation: 'order.close' }.`,
    );
    expect(gateway.orders.get(no)).toMatchObject({ tradeState: 'NOTPAY' });
  });
});
