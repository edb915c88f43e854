import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  WxPayApiError,
  WxPayMerchants,
  WxPaySigner,
  WxPayTransportError,
  type WxPayMerchant,
  type WxPayVerifier,
} from 'nestjs-wxpay';
import type { MockWxPayGateway, MockBehaviour } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const SERIAL = '5157F09EFDC096DE15EBE81A47057A7232F1B8E1';

// Made once: making keys is slow.
const keys = {
  merchantPrivateKey: rsaKeys().privatePem,
  platformPrivateKey: rsaKeys().privatePem,
};

let gateway: MockWxPayGateway;
let merchants: WxPayMerchants;

beforeEach(async () => {
  gateway = await startGateway({ keys, platformCertificates: true, ageRules: false });
  gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
  merchants = new WxPayMerchants();
});
afterEach(async () => {
  await merchants.onModuleDestroy();
  await gateway.stop();
});

const merchantWith = (verifier: WxPayVerifier): WxPayMerchant =>
  merchants.register('default', gateway.options({ verifier }));
const transfer = (merchant: WxPayMerchant) =>
  merchant.client.request({
    method: 'POST',
    path: '/v3/fund-app/mch-transfer/transfer-bills',
    body: { out_bill_no: 'R1' },
  });
const close = (merchant: WxPayMerchant) => merchant.orderClose.close({ outTradeNo: 'T1' });
const query = (merchant: WxPayMerchant) => merchant.orderQuery.query({ outTradeNo: 'T1' });

/** A success under a serial number that is not held. */
const underUnknownSerial = (body: unknown): MockBehaviour => ({
  reply: { status: 200, body, headers: { 'Wechatpay-Serial': SERIAL } },
});
function refuseDownloads(status: number, code: string): void {
  for (let count = 0; count < 4; count++) {
    gateway.next({ when: { operation: 'certificates.download' }, status, code });
  }
}

const REFUSALS: readonly (readonly [status: number, code: string, retryable: boolean])[] = [
  [429, 'FREQUENCY_LIMITED', true],
  [401, 'SIGN_ERROR', false],
  [403, 'TRADE_ERROR', false],
  [404, 'ORDER_NOT_EXIST', false],
];

describe('V3Pipeline, if the certificate download for a reply is refused', () => {
  it.each(REFUSALS)('reports a transfer that may have been carried out after %i %s', async (status, code) => {
    gateway.next(underUnknownSerial({ transfer_bill_no: '1' }));
    refuseDownloads(status, code);

    const error = await failureOf(WxPayTransportError, transfer(merchantWith(gateway.verifier('both'))));

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: false, cause: { code } });
    expect(error.cause).toBeInstanceOf(WxPayApiError);
    expect(error.message).toContain(
      'The verifier failed during request of POST /v3/fund-app/mch-transfer/transfer-bills: WeChat Pay refused certificates.download',
    );
  });

  it.each(REFUSALS)(
    'reports a close that may have been carried out after %i %s',
    async (status, code, retryable) => {
      gateway.next(underUnknownSerial(''));
      refuseDownloads(status, code);

      const error = await failureOf(WxPayTransportError, close(merchantWith(gateway.verifier('both'))));

      expect(error).toMatchObject({ outcomeUnknown: true, retryable });
    },
  );

  it('does not report an unknown order after 404 ORDER_NOT_EXIST', async () => {
    const order = { mchid: gateway.options().mchid, out_trade_no: 'T1', trade_state: 'NOTPAY' };
    for (let count = 0; count < 4; count++) {
      gateway.next({ when: { operation: 'order.query' }, ...underUnknownSerial(order) });
    }
    refuseDownloads(404, 'ORDER_NOT_EXIST');
    const merchant = merchantWith(gateway.verifier('both'));

    const settlement = await merchant.orderSettle.settle({ outTradeNo: 'T1' });

    expect(settlement).toMatchObject({ outcome: 'unresolved', cause: { code: 'WXPAY_TRANSPORT' } });
  });
});

describe('V3Pipeline, if the certificate download before a call is refused', () => {
  it.each(REFUSALS)('reports that nothing was sent after %i %s', async (status, code, retryable) => {
    refuseDownloads(status, code);

    const error = await failureOf(WxPayTransportError, query(merchantWith(gateway.verifier('certificates'))));

    expect(error).toMatchObject({ retryable, cause: { code } });
    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(gateway.requests.map(({ operation }) => operation)).not.toContain('order.query');
  });

  it('does not report an unknown order after 404 ORDER_NOT_EXIST', async () => {
    refuseDownloads(404, 'ORDER_NOT_EXIST');
    const merchant = merchantWith(gateway.verifier('certificates'));

    const settlement = await merchant.orderSettle.settle({ outTradeNo: 'T1' });

    expect(settlement).toMatchObject({ outcome: 'unresolved' });
  });
});

describe('a pipeline, if a signer of the app throws an error of WeChat Pay', () => {
  const foreign = new WxPayApiError({
    call: { operation: 'order.query', subject: 'order T9', merchant: 'other' },
    code: 'ORDER_NOT_EXIST',
    httpStatus: 404,
    signed: true,
  });

  it('does not report it as the reply to a call over APIv2', async () => {
    const options = gateway.optionsV2();
    const signer = { signType: 'HMAC-SHA256' as const, sign: () => Promise.reject(foreign) };
    const merchant = merchants.register('v2', { ...options, signer });

    const error = await failureOf(WxPayTransportError, query(merchant));

    expect(error.cause).toBe(foreign);
    expect(error.message).toContain('The signer failed during order.query of order T1: WeChat Pay refused');
  });

  it('does not report it as the reply to a call over APIv3', async () => {
    const { signer } = gateway.options();
    class FailingSigner extends WxPaySigner {
      override readonly algorithm = signer.algorithm;
      override readonly serialNo = signer.serialNo;
      override async sign(): Promise<string> {
        throw foreign;
      }
    }
    const merchant = merchants.register('v3', gateway.options({ signer: new FailingSigner() }));

    const error = await failureOf(WxPayTransportError, query(merchant));

    expect(error.cause).toBe(foreign);
  });
});
