import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { handSign, isGenuine, send } from '../../support/signing/hand-signed-request.js';
import { isGenuineV2 } from '../../support/signing/hand-signed-v2.js';
import { useOrderAtGateway } from '../../support/harness/order-at-gateway.js';

const MIB = 1024 * 1024;

const at = useOrderAtGateway();
const { query, close, queryV2 } = at;

const scripted = <T>(behaviour: MockBehaviour, ask: () => Promise<T>) => {
  at.gateway.next(behaviour);
  return ask();
};

describe('MockWxPayGateway.next with an unreadable reply', () => {
  it('cuts JSON in half before it is signed', async () => {
    const reply = await scripted({ fault: 'malformed' }, query);

    expect(() => JSON.parse(reply.body) as unknown).toThrow(SyntaxError);
    expect(reply.body).toMatch(/^\{"appid":/);
    expect(isGenuine(at.gateway, reply)).toBe(true);
  });

  it('answers a close with half an object', async () => {
    const reply = await scripted({ fault: 'malformed' }, close);

    expect(reply).toMatchObject({ status: 200, body: '{' });
    expect(isGenuine(at.gateway, reply)).toBe(true);
  });

  it('cuts XML in half', async () => {
    const { body } = await scripted({ fault: 'malformed' }, queryV2);

    expect(body).toMatch(/^<xml><return_code><!\[CDATA\[SUCCESS\]\]><\/return_code>/);
    expect(body).not.toContain('</xml>');
  });
});

describe('MockWxPayGateway.next with wrong types', () => {
  it('returns numbers as texts and states as numbers, validly signed', async () => {
    const reply = await scripted({ fault: 'wrong-types' }, query);

    expect(JSON.parse(reply.body)).toMatchObject({
      out_trade_no: at.no,
      trade_state: 0,
      amount: { total: '100' },
    });
    expect(isGenuine(at.gateway, reply)).toBe(true);
  });

  it('leaves an answer without a body as it is', async () => {
    expect(await scripted({ fault: 'wrong-types' }, close)).toMatchObject({ status: 204, body: '' });
  });

  it('returns words for numbers over APIv2, validly signed', async () => {
    const reply = await scripted({ fault: 'wrong-types' }, queryV2);

    expect(reply.fields).toMatchObject({ out_trade_no: at.no, total_fee: 'much', time_end: 'soon' });
    expect(isGenuineV2(at.gateway, reply, 'HMAC-SHA256')).toBe(true);
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
    expect(JSON.parse(body)).toMatchObject({ out_trade_no: at.no });
    expect(isGenuine(at.gateway, { headers, body })).toBe(true);
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
    expect(body.trimEnd()).toMatch(/<\/xml>$/);
  });
});

describe('MockWxPayGateway.next with a reply that was given before', () => {
  it('gives the proof of another close once more, and closes nothing', async () => {
    const first = await close();
    const closed = at.no;
    at.no = at.gateway.orders.create({ outTradeNo: 'REPLAY-1', amount: { total: 1 } }).outTradeNo;

    const second = await scripted({ fault: 'replayed', outTradeNo: closed }, close);

    expect(second).toMatchObject({ status: 204, body: '' });
    expect(second.headers['wechatpay-signature']).toBe(first.headers['wechatpay-signature']);
    expect(at.state()).toBe('NOTPAY');
  });

  it('explains that no reply can be replayed when none to such a request was recorded', async () => {
    await query();

    const reply = await scripted({ fault: 'replayed', outTradeNo: at.no }, close);

    expect(reply.body).toBe(
      `The mock gateway failed: There is no signed reply to order.close about order "${at.no}" to repeat, and none that names no order. Send that request first.`,
    );
  });
});

describe('MockWxPayGateway.next with a swapped order', () => {
  it('takes the oldest other one unless told which', async () => {
    const [reply, replyV2] = [
      await scripted({ fault: 'swapped' }, query),
      await scripted({ fault: 'swapped' }, queryV2),
    ];
    at.no = 'OTHER';
    const second = await scripted({ fault: 'swapped' }, query);

    expect(JSON.parse(reply.body)).toMatchObject({ out_trade_no: 'OTHER' });
    expect(replyV2.fields).toMatchObject({ out_trade_no: 'OTHER' });
    expect(JSON.parse(second.body)).toMatchObject({ out_trade_no: 'B1' });
    expect(isGenuine(at.gateway, reply)).toBe(true);
  });

  it('sends no order of the merchant in place of one of a sub-merchant', async () => {
    at.gateway.orders.create({ outTradeNo: at.no, subMchid: '1900000109', amount: { total: 1 } });
    const path = `/v3/pay/partner/transactions/out-trade-no/${at.no}?sp_mchid=1900000001&sub_mchid=1900000109`;

    const reply = await scripted({ fault: 'swapped' }, () =>
      send(at.gateway, handSign(at.gateway, { path })),
    );

    expect(reply.body).toBe('The mock gateway failed: There is no other order to swap in. Place it first.');
  });
});
