import { describe, expect, it } from '@jest/globals';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { handSign, isGenuine, send, type RawReply } from '../../support/signing/hand-signed-request.js';
import { useOrderAtGateway } from '../../support/harness/order-at-gateway.js';

const at = useOrderAtGateway();
const { query, close, state } = at;

const scripted = (behaviour: MockBehaviour, ask = query) => {
  at.gateway.next(behaviour);
  return ask();
};
const genuine = (reply: RawReply) => isGenuine(at.gateway, reply);

describe('MockWxPayGateway.next with an error', () => {
  it('refuses in the official shape, unsigned, and leaves the order as it is', async () => {
    const reply = await scripted(
      { status: 429, code: 'FREQUENCY_LIMITED', headers: { 'Retry-After': '2' } },
      close,
    );

    expect(reply.status).toBe(429);
    expect(JSON.parse(reply.body)).toEqual({ code: 'FREQUENCY_LIMITED', message: 'FREQUENCY_LIMITED' });
    expect(reply.headers).toMatchObject({
      'retry-after': '2',
      'content-type': 'application/json; charset=utf-8',
    });
    expect(reply.headers).not.toHaveProperty('wechatpay-signature');
    expect(state()).toBe('NOTPAY');
    expect(at.gateway.requests.at(-1)).toMatchObject({ status: 429, code: 'FREQUENCY_LIMITED' });
  });

  it('signs it where asked to', async () => {
    const detail = { field: 'mchid', issue: 'unknown' };
    const reply = await scripted({
      status: 400,
      code: 'PARAM_ERROR',
      message: '参数错误',
      detail,
      signed: true,
    });

    expect(genuine(reply)).toBe(true);
    expect(JSON.parse(reply.body)).toEqual({ code: 'PARAM_ERROR', message: '参数错误', detail });
  });
});

describe('MockWxPayGateway.next with a reply', () => {
  it.each([
    ['JSON', { trade_state: 'SUCCESS' }, '{"trade_state":"SUCCESS"}'],
    ['text', 'not JSON', 'not JSON'],
    ['bytes', Buffer.from('raw'), 'raw'],
    ['nothing', undefined, ''],
  ])('sends %s, signed', async (_, body, sent) => {
    const reply = await scripted({ reply: { status: 200, body } });

    expect(reply).toMatchObject({ status: 200, body: sent });
    expect(genuine(reply)).toBe(true);
  });

  it('sends it unsigned, with its own headers', async () => {
    const reply = await scripted({
      reply: { status: 200, body: {}, signed: false, headers: { 'content-type': 'text/html' } },
    });

    expect(reply.headers['content-type']).toBe('text/html');
    expect(reply.headers).not.toHaveProperty('wechatpay-signature');
  });

  it('stands in for an endpoint that the gateway does not have', async () => {
    at.gateway.next({ reply: { status: 200, body: { order_id: '1' } } });

    const reply = await send(
      at.gateway,
      handSign(at.gateway, { method: 'POST', path: '/v3/profitsharing/orders', body: '{}' }),
    );

    expect(reply).toMatchObject({ status: 200, body: '{"order_id":"1"}' });
  });
});

describe('MockWxPayGateway.next with a fault of the signature', () => {
  it.each<MockBehaviour>([
    { fault: 'wrong-signature' },
    { fault: 'wrong-nonce' },
    { fault: 'unknown-serial' },
    { fault: 'probe' },
    { fault: 'tampered-body' },
  ])('makes verification fail: %j', async (behaviour) => {
    const reply = await scripted(behaviour);

    expect(JSON.parse(reply.body)).toMatchObject({ out_trade_no: at.no });
    expect(genuine(reply)).toBe(false);
  });

  it('gives a tampered 204 a body, as it can have none', async () => {
    const reply = await scripted({ fault: 'tampered-body' }, close);

    expect(reply).toMatchObject({ status: 200, body: ' ' });
    expect(genuine(reply)).toBe(false);
  });

  it('marks a probe as one', async () => {
    const reply = await scripted({ fault: 'probe' });

    expect(reply.headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\/[\w+/]+==$/);
  });

  it('leaves a refusal unsigned, whatever is wrong with signatures', async () => {
    at.no = 'NEVER';
    const reply = await scripted({ fault: 'probe' });

    expect(reply.status).toBe(404);
    expect(reply.headers).not.toHaveProperty('wechatpay-signature');
  });

  it('sends no Wechatpay header when unsigned', async () => {
    const reply = await scripted({ fault: 'unsigned' }, close);

    expect(reply.status).toBe(204);
    expect(Object.keys(reply.headers).filter((name) => name.startsWith('wechatpay'))).toEqual([]);
    expect(state()).toBe('CLOSED');
  });

  it('leaves out the header named, whatever its case', async () => {
    const reply = await scripted({ fault: 'missing-header', header: 'wechatpay-TIMESTAMP' });

    expect(reply.headers).not.toHaveProperty('wechatpay-timestamp');
    expect(reply.headers).toHaveProperty('wechatpay-nonce');
  });

  it.each([-301, 301])('dates the reply %i seconds off, validly signed', async (secondsOff) => {
    const reply = await scripted({ fault: 'timestamp', secondsOff });

    const off = Number(reply.headers['wechatpay-timestamp']) - Date.now() / 1000;
    expect(Math.abs(off - secondsOff)).toBeLessThan(5);
    expect(genuine(reply)).toBe(true);
  });
});

describe('MockWxPayGateway.next with a reply that is signed, yet not right', () => {
  it('answers a query with another order', async () => {
    const reply = await scripted({ fault: 'swapped', outTradeNo: 'OTHER' });

    expect(JSON.parse(reply.body)).toMatchObject({ out_trade_no: 'OTHER' });
    expect(genuine(reply)).toBe(true);
  });

  it('returns the order as that of another merchant', async () => {
    const reply = await scripted({ fault: 'other-merchant' });

    expect(JSON.parse(reply.body)).toMatchObject({ mchid: '1999999999', out_trade_no: at.no });
    expect(genuine(reply)).toBe(true);
  });

  it.each<MockBehaviour>([{ fault: 'downgraded' }, { fault: 'doctype' }, { fault: 'duplicate-tag' }])(
    'explains that APIv3 does not have the fault %j',
    async (behaviour) => {
      const { status, body } = await scripted(behaviour);

      expect(status).toBe(500);
      expect(body).toContain('APIv3 has no fault "');
    },
  );

  it('never closes the order that was swapped in', async () => {
    await scripted({ fault: 'swapped', outTradeNo: 'OTHER' }, close);

    expect(at.gateway.orders.get('OTHER')?.tradeState).toBe('NOTPAY');
    expect(state()).toBe('CLOSED');
  });

  it('explains that there is no order to swap in', async () => {
    const reply = await scripted({ fault: 'swapped', outTradeNo: 'NEVER' });

    expect(reply.status).toBe(500);
    expect(reply.body).toBe('The mock gateway failed: There is no order "NEVER" to swap in. Place it first.');
  });

  it('calls its JSON plain text', async () => {
    const reply = await scripted({ fault: 'wrong-content-type' });

    expect(reply.headers['content-type']).toBe('text/plain');
    expect(genuine(reply)).toBe(true);
  });

  it.each([
    [2 * 1024 * 1024, {}],
    [5000, { bytes: 5000 }],
  ])('pads it to %i bytes', async (bytes, size) => {
    const reply = await scripted({ fault: 'oversize', ...size });

    expect(Buffer.byteLength(reply.body)).toBe(bytes);
    expect(genuine(reply)).toBe(true);
  });
});

describe('MockWxPayGateway.next with a front server that fails', () => {
  it('answers with a page', async () => {
    const [usual, other] = [
      await scripted({ fault: 'html' }, close),
      await scripted({ fault: 'html', status: 503 }),
    ];

    expect([usual.status, other.status]).toEqual([502, 503]);
    expect(usual.headers['content-type']).toBe('text/html');
    expect(usual.body).toContain('<h1>502 Bad Gateway</h1>');
    expect(usual.headers).not.toHaveProperty('wechatpay-signature');
    expect(state()).toBe('NOTPAY');
  });

  it('redirects to where a follower shows up', async () => {
    const [usual, other] = [
      await scripted({ fault: 'redirect' }),
      await scripted({ fault: 'redirect', location: 'https://example.com/' }),
    ];

    expect([usual.status, usual.headers.location]).toEqual([302, '/redirected']);
    expect(other.headers.location).toBe('https://example.com/');
  });
});
