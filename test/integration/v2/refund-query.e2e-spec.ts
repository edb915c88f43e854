import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { WxPayMerchants, WxPayProtocolError, type WxPayMerchant } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { paidOrder } from '../../support/harness/paid-order.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const merchants = new WxPayMerchants();
let gateway: MockWxPayGateway;
let merchant: WxPayMerchant;

beforeAll(async () => {
  gateway = await startGateway();
  merchant = merchants.register('default', gateway.optionsV2());
});
afterAll(async () => {
  await gateway.stop();
  await merchants.onModuleDestroy();
});

const paid = () => paidOrder(gateway);

describe('RefundService.query over APIv2', () => {
  it.each([
    ['SUCCESS', 'SUCCESS'],
    ['CLOSED', 'CLOSED'],
    ['ABNORMAL', 'ABNORMAL'],
  ] as const)('returns a refund that is %s with the status of APIv3', async (outcome, status) => {
    const { request } = paid();
    gateway.refunds.create(request);
    gateway.refunds.settle(request.outRefundNo, outcome, { at: new Date('2026-01-02T03:04:05Z') });

    const refund = await merchant.refunds.query(request);

    expect(refund).toMatchObject({
      status,
      channel: 'ORIGINAL',
      userReceivedAccount: '支付用户零钱',
      fundsAccount: 'UNSETTLED',
      amount: { refund: 30, total: 100 },
    });
    expect(refund.successTime).toEqual(outcome === 'SUCCESS' ? new Date('2026-01-02T03:04:05Z') : undefined);
  });

  it('refuses the signed list of other refunds', async () => {
    const [first, second] = [paid(), paid()];
    gateway.refunds.create(first.request);
    gateway.refunds.create(second.request);
    for (let n = 0; n < 2; n++) {
      gateway.next({ fault: 'swapped', outTradeNo: second.outTradeNo, when: { operation: 'refund.query' } });
    }

    const error = await failureOf(WxPayProtocolError, merchant.refunds.query(first.request));

    expect(error.path).toBe('$.out_refund_no_0');
  });

  it('turns the pages of a list of all refunds of the order', async () => {
    const page = (numbers: readonly string[]) => ({
      status: 200,
      body: {
        return_code: 'SUCCESS',
        result_code: 'SUCCESS',
        mch_id: '1900000001',
        nonce_str: 'n',
        transaction_id: '42',
        out_trade_no: 'T1',
        total_fee: '100',
        total_refund_count: '11',
        ...Object.fromEntries(
          numbers.flatMap((number, n) => [
            [`out_refund_no_${n}`, number],
            [`refund_id_${n}`, `50${number}`],
            [`refund_fee_${n}`, '1'],
            [`refund_status_${n}`, 'PROCESSING'],
            [`coupon_refund_id_${n}_0`, 'C1'],
            [`coupon_type_${n}_0`, 'NO_CASH'],
            [`coupon_refund_fee_${n}_0`, '1'],
          ]),
        ),
      },
    });
    const first = Array.from({ length: 10 }, (_, n) => `R${n}`);
    gateway.next({ reply: page(first), when: { operation: 'refund.query' } });
    gateway.next({ reply: page(['LAST']), when: { operation: 'refund.query' } });

    const refund = await merchant.refunds.query({ outRefundNo: 'LAST' });

    expect(refund).toMatchObject({
      outRefundNo: 'LAST',
      refundId: '50LAST',
      promotionDetail: [{ promotionId: 'C1', type: 'DISCOUNT', refundAmount: 1 }],
    });
    expect(gateway.requests.at(-1)?.body).toContain('<offset>10</offset>');
  });
});
