import { describe, expect, it } from '@jest/globals';
import type { MockPaymentMoment } from 'nestjs-wxpay/testing';
import { handSign, QUERY_A1, send } from '../../support/signing/hand-signed-request.js';
import { useOrderAtGateway } from '../../support/harness/order-at-gateway.js';

const at = useOrderAtGateway();
const { close, closeV2 } = at;

const post = (path: string, body: string) =>
  send(at.gateway, handSign(at.gateway, { method: 'POST', path, body }));
const inClose = (moment?: MockPaymentMoment) =>
  at.gateway.next({ when: { operation: 'order.close' }, fault: 'pay-during-close', moment });

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
    expect(at.gateway.orders.get(at.no)).toMatchObject({ tradeState: 'SUCCESS' });
  });

  it.each<[moment: MockPaymentMoment | undefined, code: string]>([
    [undefined, 'ORDERPAID'],
    ['during', 'SYSTEMERROR'],
    ['after', 'TRADE_STATE_ERROR'],
  ])('pays the order and refuses the close over APIv2: %s', async (moment, code) => {
    inClose(moment);

    const { fields } = await closeV2();

    expect(fields).toMatchObject({ result_code: 'FAIL', err_code: code });
    expect(at.gateway.orders.get(at.no)).toMatchObject({ tradeState: 'SUCCESS' });
  });

  it('pays a combine order', async () => {
    const subOrders = ['a', 'b'].map((part) => ({ outTradeNo: `${at.no}${part}`, amount: { total: 1 } }));
    at.gateway.combineOrders.create({ combineOutTradeNo: at.no, subOrders });
    at.gateway.next({ when: { operation: 'combine.close' }, fault: 'pay-during-close' });

    const parts = subOrders.map(({ outTradeNo }) => ({ mchid: '1900000001', out_trade_no: outTradeNo }));
    const reply = await post(
      `/v3/combine-transactions/out-trade-no/${at.no}/close`,
      JSON.stringify({ combine_appid: 'wx8888888888888888', sub_orders: parts }),
    );

    expect(JSON.parse(reply.body)).toMatchObject({ code: 'ORDER_PAID' });
    expect(at.gateway.combineOrders.get(at.no)).toHaveProperty('combineTransactionId');
    expect(at.gateway.orders.get(at.no)).toMatchObject({ tradeState: 'NOTPAY' });
  });

  it('explains why the order cannot be paid', async () => {
    at.gateway.orders.close(at.no);
    inClose();

    const reply = await close();

    expect(reply.body).toBe(`The mock gateway failed: Order "${at.no}" cannot be paid: it is CLOSED.`);
  });

  it('explains that it is for closing when the request is a query', async () => {
    at.gateway.next({ fault: 'pay-during-close' });

    const reply = await send(at.gateway, handSign(at.gateway, { path: QUERY_A1.replace('A1', at.no) }));

    expect(reply.body).toBe(
      `The mock gateway failed: "pay-during-close" is for closing. Add when: { operation: 'order.close' }.`,
    );
    expect(at.gateway.orders.get(at.no)).toMatchObject({ tradeState: 'NOTPAY' });
  });
});
