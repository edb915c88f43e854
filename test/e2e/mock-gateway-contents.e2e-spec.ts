import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway, type MockBehaviour } from 'nestjs-wxpay/testing';
import {
  CLOSE_A1,
  handSign,
  isGenuine,
  MERCHANT_BODY,
  QUERY_A1,
  send,
} from '../support/hand-signed-request.js';
import { handSignV2, isGenuineV2, sendV2 } from '../support/hand-signed-v2.js';

const MIB = 1024 * 1024;

let gateway: MockWxPayGateway;
let serial = 0;
let no: string;

beforeAll(async () => {
  gateway = await MockWxPayGateway.start();
  gateway.orders.create({ outTradeNo: 'OLDEST', amount: { total: 1 } });
});
afterAll(() => gateway.stop());
beforeEach(() => {
  no = gateway.orders.create({ outTradeNo: `B${++serial}`, amount: { total: 100 } }).outTradeNo;
});

const query = () => send(gateway, handSign(gateway, { path: QUERY_A1.replace('A1', no) }));
const close = () =>
  send(gateway, handSign(gateway, { method: 'POST', path: CLOSE_A1.replace('A1', no), body: MERCHANT_BODY }));
const queryV2 = () => sendV2(gateway, handSignV2(gateway, { fields: { out_trade_no: no } }));
const scripted = <T>(behaviour: MockBehaviour, ask: () => Promise<T>) => {
  gateway.next(behaviour);
  return ask();
};

describe('MockWxPayGateway.next with a reply that nobody can read', () => {
  it('cuts JSON in half before it is signed', async () => {
    const reply = await scripted({ fault: 'malformed' }, query);

    expect(() => JSON.parse(reply.body) as unknown).toThrow(SyntaxError);
    expect(reply.body).toMatch(/^\{"appid":/);
    expect(isGenuine(gateway, reply)).toBe(true);
  });

  it('answers a close with half an object', async () => {
    const reply = await scripted({ fault: 'malformed' }, close);

    expect(reply).toMatchObject({ status: 200, body: '{' });
    expect(isGenuine(gateway, reply)).toBe(true);
  });

  it('cuts XML in half', async () => {
    const { body } = await scripted({ fault: 'malformed' }, queryV2);

    expect(body).toMatch(/^<xml><return_code>SUCCESS/);
    expect(body).not.toContain('</xml>');
  });
});

describe('MockWxPayGateway.next with wrong types', () => {
  it('tells numbers as texts and states as numbers, validly signed', async () => {
    const reply = await scripted({ fault: 'wrong-types' }, query);

    expect(JSON.parse(reply.body)).toMatchObject({
      out_trade_no: no,
      trade_state: 0,
      amount: { total: '100' },
    });
    expect(isGenuine(gateway, reply)).toBe(true);
  });

  it('leaves an answer without a body as it is', async () => {
    expect(await scripted({ fault: 'wrong-types' }, close)).toMatchObject({ status: 204, body: '' });
  });

  it('tells words for numbers over APIv2, validly signed', async () => {
    const reply = await scripted({ fault: 'wrong-types' }, queryV2);

    expect(reply.fields).toMatchObject({ out_trade_no: no, total_fee: 'much', time_end: 'soon' });
    expect(isGenuineV2(gateway, reply)).toBe(true);
  });
});

describe('MockWxPayGateway.next with a bomb', () => {
  it.each([
    ['gzip', gunzipSync],
    ['deflate', inflateSync],
    ['br', brotliDecompressSync],
  ] as const)('is small on the wire as %s, and validly signed when expanded', async (encoding, expand) => {
    const { headers, bytes } = await scripted({ fault: 'bomb', encoding }, query);
    const body = expand(bytes).toString();

    expect(headers['content-encoding']).toBe(encoding);
    expect(bytes.length).toBeLessThan(20_000);
    expect(Buffer.byteLength(body)).toBe(16 * MIB);
    expect(JSON.parse(body)).toMatchObject({ out_trade_no: no });
    expect(isGenuine(gateway, { headers, body })).toBe(true);
  });

  it('expands to the size asked for', async () => {
    const { headers, bytes } = await scripted({ fault: 'bomb', bytes: 3 * MIB }, close);

    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(bytes)).toHaveLength(3 * MIB);
  });

  it('is XML over APIv2', async () => {
    const { bytes } = await scripted({ fault: 'bomb' }, queryV2);
    const body = gunzipSync(bytes).toString();

    expect(bytes.length).toBeLessThan(20_000);
    expect(Buffer.byteLength(body)).toBe(16 * MIB);
    expect(body).toMatch(/<\/xml> +$/);
  });
});

describe('MockWxPayGateway.next with a swapped order', () => {
  it('takes the oldest other one unless told which', async () => {
    const [reply, replyV2] = [
      await scripted({ fault: 'swapped' }, query),
      await scripted({ fault: 'swapped' }, queryV2),
    ];
    no = 'OLDEST';
    const second = await scripted({ fault: 'swapped' }, query);

    expect(JSON.parse(reply.body)).toMatchObject({ out_trade_no: 'OLDEST' });
    expect(replyV2.fields).toMatchObject({ out_trade_no: 'OLDEST' });
    expect(JSON.parse(second.body)).toMatchObject({ out_trade_no: 'B1' });
    expect(isGenuine(gateway, reply)).toBe(true);
  });

  it('takes none of another owner', async () => {
    gateway.orders.create({ outTradeNo: no, subMchid: '1900000109', amount: { total: 1 } });
    const path = `/v3/pay/partner/transactions/out-trade-no/${no}?sp_mchid=1900000001&sub_mchid=1900000109`;

    const reply = await scripted({ fault: 'swapped' }, () => send(gateway, handSign(gateway, { path })));

    expect(reply.body).toBe('The mock gateway failed: There is no other order to swap in. Place it first.');
  });
});
