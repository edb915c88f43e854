import { afterAll, beforeAll, expect } from '@jest/globals';
import { PlatformCertificateVerifier, WxPayMerchants, type WxPayMerchant } from 'nestjs-wxpay';
import { Aes } from 'wechatpay-axios-plugin';
import { CertificateServer, type ListEntry } from '../../support/servers/certificate-server.js';
import {
  startIndependentGateway,
  type IndependentGateway,
} from '../../support/servers/independent-gateway.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';
import {
  PAYLOAD_KINDS,
  testPayloads,
  type Ask,
  type RealPayload,
} from '../../support/fixtures/real-payloads.js';
import { useSandbox } from '../../support/harness/sandbox.js';

type Names = Readonly<Record<string, string | undefined>>;

const merchants = new WxPayMerchants();
const bodies: string[] = [];
let registered = 0;
let independent: IndependentGateway;
beforeAll(async () => {
  independent = await startIndependentGateway(() => ({ status: 200, body: bodies.shift() ?? '' }));
});
afterAll(async () => {
  await merchants.onModuleDestroy();
  independent.stop();
});
/** For closes: it keeps orders, so that a query tells what a close did. */
const sandbox = useSandbox({}, { maxAttempts: 1 });

/** Answers calls of the merchant that a payload names with these bodies, signed. */
function merchantAnswered(mchid: string | undefined, ...answers: string[]): WxPayMerchant {
  bodies.splice(0, bodies.length, ...answers);
  return merchants.register(`shop-${++registered}`, {
    ...independent.options,
    mchid: mchid ?? '',
    maxAttempts: 1,
    codePayReverse: { appid: 'wxd678efh567hg6787' },
    sharedMchid: true,
  });
}

const queryOrder: Ask = async ({ payload }) => {
  const { mchid, sp_mchid, sub_mchid, out_trade_no: outTradeNo = '' }: Names = JSON.parse(payload);
  const merchant = merchantAnswered(sp_mchid ?? mchid, payload);
  const ref = sp_mchid === undefined ? { outTradeNo } : { outTradeNo, subMchid: sub_mchid };
  const order = await merchant.orderQuery.query(ref);
  expect(order.raw).toEqual(JSON.parse(payload));
  return order;
};

const asks: Readonly<Record<(typeof PAYLOAD_KINDS.v3)[number], Ask>> = {
  'v3.query': queryOrder,
  'v3.partner.query': queryOrder,
  'v3.combine.query': async ({ payload }) => {
    const { combine_mchid, combine_out_trade_no = '' }: Names = JSON.parse(payload);
    const order = await merchantAnswered(combine_mchid, payload).combineOrder.query(combine_out_trade_no);
    expect(order.raw).toEqual(JSON.parse(payload));
    return order;
  },
  'v3.close': (payload) => {
    const { gateway, merchant } = sandbox;
    const { stateAfter, subMchid } = payload.options ?? {};
    const { outTradeNo } = gateway.orders.create({
      outTradeNo: numberOf(payload),
      amount: { total: 1 },
      subMchid,
    });
    if (stateAfter === 'SUCCESS') gateway.orders.pay(outTradeNo);
    if (stateAfter === 'CLOSED') gateway.orders.close(outTradeNo);
    answerNext(payload);
    return merchant.orderClose.close({ outTradeNo, subMchid });
  },
  'v3.combine.close': (payload) => {
    const { gateway, merchant } = sandbox;
    const { combineOutTradeNo, combineAppid, subOrders } = gateway.combineOrders.create({
      combineOutTradeNo: numberOf(payload),
      subOrders: [1, 2].map((n) => ({ outTradeNo: `${numberOf(payload)}-${n}`, amount: { total: n } })),
    });
    if (payload.options?.stateAfter === 'CLOSED') gateway.combineOrders.close(combineOutTradeNo);
    answerNext(payload);
    return merchant.combineOrder.close({ combineOutTradeNo, combineAppid, subOrders });
  },
  'v3.reverse': ({ payload }) => {
    const {
      mchid,
      sp_mchid,
      sub_mchid: subMchid,
      out_trade_no: outTradeNo = '',
    }: Names = JSON.parse(payload);
    const names = sp_mchid === undefined ? { mchid } : { sp_mchid, sub_mchid: subMchid };
    const look = (state: string) =>
      JSON.stringify({ ...names, out_trade_no: outTradeNo, trade_type: 'MICROPAY', trade_state: state });
    const merchant = merchantAnswered(sp_mchid ?? mchid, look('USERPAYING'), payload, look('REVOKED'));
    return merchant.orderReverse.reverse({ outTradeNo, subMchid });
  },
  'v3.certificates': async ({ payload }) => {
    const [older, newer] = [await createPlatformKey(), await createPlatformKey()];
    const server = await CertificateServer.start([older, newer]);
    server.changeList = () => listOf(payload, [older, newer], server.apiV3Key);
    server.signListWith = older;
    try {
      const accepted = await new PlatformCertificateVerifier(server.options()).acceptedSerialNo();
      expect([older.serialNo, newer.serialNo]).toContain(accepted);
    } finally {
      server.stop();
    }
  },
};

function numberOf({ name }: RealPayload): string {
  return `R-${name.slice(-26)}`;
}

function answerNext({ payload: body, options: { status = 200, signed = true } = {} }: RealPayload): void {
  sandbox.gateway.next({ reply: { status, body, signed } });
}

/** The list as received, with real certificates in the places that it has for them. */
function listOf(payload: string, keys: readonly PlatformKey[], apiV3Key: string): unknown {
  const list: { readonly data: readonly ListEntry[] } = JSON.parse(payload);
  keys.slice(0, list.data.length).forEach(({ serialNo, certificatePem }, index) => {
    const entry = list.data[index];
    if (entry === undefined) return;
    const { nonce, associated_data } = entry.encrypt_certificate;
    entry.serial_no = serialNo;
    entry.encrypt_certificate.ciphertext = Aes.AesGcm.encrypt(
      certificatePem,
      apiV3Key,
      nonce,
      associated_data,
    );
  });
  return list;
}

testPayloads(asks);
