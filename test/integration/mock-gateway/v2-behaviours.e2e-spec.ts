import { describe, expect, it } from '@jest/globals';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { handSignV2, isGenuineV2, sendV2, type V2Claims } from '../../support/signing/hand-signed-v2.js';
import { useOrderAtGateway } from '../../support/harness/order-at-gateway.js';

const at = useOrderAtGateway();
const { queryV2: query, closeV2: close, state } = at;

const ask = (claims: V2Claims) => sendV2(at.gateway, handSignV2(at.gateway, claims));
const scripted = (behaviour: MockBehaviour, send = query) => {
  at.gateway.next(behaviour);
  return send();
};

describe('MockWxPayGateway.next over APIv2', () => {
  it('refuses with a code, signed, and leaves the order as it is', async () => {
    const reply = await scripted({ status: 200, code: 'SYSTEMERROR', message: '系统超时' }, close);

    expect(reply.status).toBe(200);
    expect(reply.fields).toMatchObject({
      return_code: 'SUCCESS',
      result_code: 'FAIL',
      err_code: 'SYSTEMERROR',
      err_code_des: '系统超时',
    });
    expect(isGenuineV2(at.gateway, reply, 'HMAC-SHA256')).toBe(true);
    expect(state()).toBe('NOTPAY');
    expect(at.gateway.requests.at(-1)).toMatchObject({ status: 200, code: 'SYSTEMERROR' });
  });

  it('refuses unsigned where asked to, with a status and headers of its own', async () => {
    const reply = await scripted({
      status: 429,
      code: 'FREQUENCY_LIMITED',
      signed: false,
      headers: { 'Retry-After': '2' },
    });

    expect(reply).toMatchObject({ status: 429, headers: { 'retry-after': '2' } });
    expect(reply.fields).toMatchObject({ err_code: 'FREQUENCY_LIMITED' });
    expect(reply.fields).not.toHaveProperty('sign');
  });

  it('sends fields, signed', async () => {
    const reply = await scripted({ reply: { status: 200, body: { return_code: 'SUCCESS', total_fee: 1 } } });

    expect(reply.fields).toEqual({ return_code: 'SUCCESS', total_fee: '1', sign: reply.fields.sign });
    expect(isGenuineV2(at.gateway, reply, 'HMAC-SHA256')).toBe(true);
  });

  it.each([
    ['text', 'not XML', 'not XML'],
    ['bytes', Buffer.from('raw'), 'raw'],
    ['nothing', undefined, ''],
  ])('sends %s as it is', async (_, body, sent) => {
    expect(await scripted({ reply: { status: 200, body } })).toMatchObject({ status: 200, body: sent });
  });

  it('stands in for an endpoint that the gateway does not have', async () => {
    at.gateway.next({ reply: { status: 200, body: { return_code: 'SUCCESS', order_id: '1' } } });

    const reply = await ask({ path: '/secapi/pay/profitsharing', fields: { receivers: '[]' } });

    expect(reply.fields).toMatchObject({ order_id: '1' });
    expect(isGenuineV2(at.gateway, reply)).toBe(true);
  });

  it('explains that the body of a reply must be a text, bytes or fields', async () => {
    const reply = await scripted({ reply: { status: 200, body: 1 } });

    expect(reply.body).toBe(
      'The mock gateway failed: A reply of APIv2 needs a text, bytes, or an object of fields as its body.',
    );
  });

  it('waits for the request asked for, and runs `before` ahead of it', async () => {
    at.gateway.next({
      when: { operation: 'order.close', outTradeNo: at.no },
      before: () => void at.gateway.orders.pay(at.no),
    });

    const [asked, closed] = [await query(), await close()];

    expect([asked.fields.trade_state, closed.fields.err_code]).toEqual(['NOTPAY', 'ORDERPAID']);
  });

  it('hides no bad signature', async () => {
    at.gateway.next({ reply: { status: 200, body: { return_code: 'SUCCESS' } } });

    const [bad, good] = [await ask({ key: 'x'.repeat(32) }), await query()];

    expect([bad.fields.return_code, Object.keys(good.fields)]).toEqual(['FAIL', ['return_code', 'sign']]);
  });
});

describe('MockWxPayGateway.next over APIv2 with a fault of the signature', () => {
  it.each<MockBehaviour>([
    { fault: 'wrong-signature' },
    { fault: 'tampered-body' },
    { fault: 'unsigned' },
    { fault: 'downgraded' },
  ])('makes verification fail: %j', async (behaviour) => {
    const reply = await scripted(behaviour, close);

    expect(reply.fields).toMatchObject({ result_code: 'SUCCESS' });
    expect(isGenuineV2(at.gateway, reply, 'HMAC-SHA256')).toBe(false);
    expect(state()).toBe('CLOSED');
  });

  it('makes a wrong signature look like a right one', async () => {
    const { fields } = await scripted({ fault: 'wrong-signature' });

    expect(fields.sign).toMatch(/^[0-9A-F]{64}$/);
  });

  it('leaves the signature out', async () => {
    const { fields } = await scripted({ fault: 'unsigned' });

    expect(fields).not.toHaveProperty('sign');
  });

  it('signs with MD5 though HMAC-SHA256 was asked for', async () => {
    const reply = await scripted({ fault: 'downgraded' });

    expect(isGenuineV2(at.gateway, reply, 'MD5')).toBe(true);
  });
});

describe('MockWxPayGateway.next over APIv2 with a reply that is signed, yet not right', () => {
  it('answers a query with another order', async () => {
    const reply = await scripted({ fault: 'swapped', outTradeNo: 'OTHER' });

    expect(reply.fields).toMatchObject({ out_trade_no: 'OTHER', total_fee: '1' });
    expect(isGenuineV2(at.gateway, reply, 'HMAC-SHA256')).toBe(true);
  });

  it('never closes the order that was swapped in', async () => {
    await scripted({ fault: 'swapped', outTradeNo: 'OTHER' }, close);

    expect([at.gateway.orders.get('OTHER')?.tradeState, state()]).toEqual(['NOTPAY', 'CLOSED']);
  });

  it('explains that there is no order to swap in', async () => {
    const { body } = await scripted({ fault: 'swapped', outTradeNo: 'NEVER' });

    expect(body).toBe('The mock gateway failed: There is no order "NEVER" to swap in. Place it first.');
  });

  it('returns the order as that of another merchant', async () => {
    const reply = await scripted({ fault: 'other-merchant' });

    expect(reply.fields).toMatchObject({ mch_id: '1999999999', out_trade_no: at.no });
    expect(isGenuineV2(at.gateway, reply, 'HMAC-SHA256')).toBe(true);
  });

  it('sends a document type with an entity that names a file', async () => {
    const { body } = await scripted({ fault: 'doctype' });

    expect(body).toMatch(/^<!DOCTYPE xml \[<!ENTITY file SYSTEM "file:[^"]+">\]><xml>/);
    expect(body).toContain('<device_info>&file;</device_info></xml>');
  });

  it('repeats a field', async () => {
    const { body, fields } = await scripted({ fault: 'duplicate-tag' });

    expect(body.split(`<nonce_str><![CDATA[${fields.nonce_str}]]></nonce_str>`)).toHaveLength(3);
  });

  it('calls its XML a page', async () => {
    const { headers } = await scripted({ fault: 'wrong-content-type' });

    expect(headers['content-type']).toBe('text/html');
  });

  it.each([
    [2 * 1024 * 1024, {}],
    [5000, { bytes: 5000 }],
  ])('pads it to %i bytes', async (bytes, size) => {
    const { body } = await scripted({ fault: 'oversize', ...size });

    expect(Buffer.byteLength(body)).toBe(bytes);
    expect(body).toMatch(/<\/xml> +$/);
  });
});

describe('MockWxPayGateway.next over APIv2 with a front server or a connection that fails', () => {
  it('answers with a page', async () => {
    const reply = await scripted({ fault: 'html' }, close);

    expect(reply).toMatchObject({ status: 502, headers: { 'content-type': 'text/html' } });
    expect(state()).toBe('NOTPAY');
  });

  it.each<MockBehaviour>([{ fault: 'reset' }, { fault: 'close' }, { fault: 'reset-mid-body' }])(
    'cuts the connection after the order was closed: %j',
    async (behaviour) => {
      await expect(scripted(behaviour, close)).rejects.toThrow();

      expect(state()).toBe('CLOSED');
      expect(at.gateway.requests.at(-1)).not.toHaveProperty('status');
    },
  );

  it('cuts the connection before the order is closed', async () => {
    await expect(scripted({ fault: 'reset', handled: false }, close)).rejects.toThrow();

    expect(state()).toBe('NOTPAY');
  });

  it.each<MockBehaviour>([
    { fault: 'probe' },
    { fault: 'wrong-nonce' },
    { fault: 'unknown-serial' },
    { fault: 'missing-header', header: 'Wechatpay-Nonce' },
    { fault: 'timestamp', secondsOff: 301 },
  ])('explains that APIv2 does not have the fault %j', async (behaviour) => {
    const { status, body } = await scripted(behaviour);

    expect(status).toBe(500);
    expect(body).toContain('APIv2 has no fault "');
  });
});
