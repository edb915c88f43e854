import { describe, expect, it } from '@jest/globals';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import { Md5Signer } from '../../../lib/v2/signing/md5-signer.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { V2_MERCHANT } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const UNPAID = { trade_state: 'NOTPAY', trade_state_desc: '订单未支付' };

describe('a request over APIv2', () => {
  it.each([
    ['HMAC-SHA256', HmacSha256Signer],
    ['MD5', Md5Signer],
  ])('is accepted with %s, and so is its reply', async (signType, Signer) => {
    const orders = sandbox.ordersWith({ signer: new Signer({ key: V2_MERCHANT.key }) });
    sandbox.server.orders.set('either', UNPAID);

    await orders.query({ outTradeNo: 'either' });
    await orders.close({ outTradeNo: 'either' });

    expect(sandbox.server.requests.slice(-2).map(({ fields }) => fields.sign_type)).toEqual([
      signType,
      signType,
    ]);
  });

  it('has the common fields, a fresh nonce each time, and one number', async () => {
    sandbox.server.orders.set('fields', UNPAID);

    await sandbox.orders.query({ outTradeNo: 'fields' });
    await sandbox.orders.close({ outTradeNo: 'fields' });

    const [query, close] = sandbox.server.requests.slice(-2);
    for (const [request, path] of [
      [query, '/pay/orderquery'],
      [close, '/pay/closeorder'],
    ] as const) {
      expect(request?.path).toBe(path);
      expect(request?.headers).toMatchObject({
        accept: 'text/xml',
        'content-type': 'text/xml; charset=utf-8',
        'user-agent': 'test',
      });
      expect(request?.fields).toEqual({
        appid: V2_MERCHANT.appid,
        mch_id: V2_MERCHANT.mchid,
        out_trade_no: 'fields',
        nonce_str: expect.stringMatching(/^[0-9a-f]{32}$/),
        sign_type: 'HMAC-SHA256',
        sign: expect.stringMatching(/^[0-9A-F]{64}$/),
      });
    }
    expect(query?.fields.nonce_str).not.toBe(close?.fields.nonce_str);
  });

  it('prefers the number of WeChat Pay', async () => {
    sandbox.server.orders.set('preferred', { trade_state: 'SUCCESS', transaction_id: '4200001' });
    const both = { outTradeNo: 'other', transactionId: '4200001' };

    // Both at once is beyond the type; plain JavaScript can pass it.
    const order = await sandbox.orders.query(both as unknown as { readonly transactionId: string });

    expect(order.outTradeNo).toBe('preferred');
    expect(sandbox.server.requests.at(-1)?.fields).not.toHaveProperty('out_trade_no');
  });

  it('names the sub-merchant of the order', async () => {
    sandbox.server.orders.set('sub', UNPAID);
    const ref = { outTradeNo: 'sub', subMchid: '1900000109', subAppid: 'wxd678efh567hg6999' };

    const order = await sandbox.orders.query(ref);
    await sandbox.orders.close(ref);

    expect(order).toMatchObject({ subMchid: '1900000109', subAppid: 'wxd678efh567hg6999' });
    for (const { fields } of sandbox.server.requests.slice(-2)) {
      expect(fields).toMatchObject({ sub_mch_id: '1900000109', sub_appid: 'wxd678efh567hg6999' });
    }
  });
});

describe('many calls over APIv2 at once', () => {
  it('get each the reply to their own order', async () => {
    const numbers = Array.from({ length: 60 }, (_, n) => `parallel-${n}`);
    for (const no of numbers) sandbox.server.orders.set(no, { ...UNPAID, attach: no });

    const found = await Promise.all(
      numbers.map(async (outTradeNo, n) => {
        if (n % 2 === 1) await sandbox.orders.close({ outTradeNo });
        return sandbox.orders.query({ outTradeNo });
      }),
    );

    expect(found.map(({ outTradeNo }) => outTradeNo)).toEqual(numbers);
    expect(found.map(({ attach }) => attach)).toEqual(numbers);
    expect(found.map(({ tradeState }) => tradeState)).toEqual(
      numbers.map((_, n) => (n % 2 === 1 ? 'CLOSED' : 'NOTPAY')),
    );
  });
});
