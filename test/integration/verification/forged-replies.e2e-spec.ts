import { describe, expect, it } from '@jest/globals';
import { WxPaySignatureError, WxPayVerifier, type WxPaySignatureFault } from 'nestjs-wxpay';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

// What is tested is the verdict of one attempt.
const sandbox = useSandbox({}, { maxAttempts: 1 });
let numbers = 0;

function placeOrder(): string {
  const outTradeNo = `order-${++numbers}`;
  sandbox.gateway.orders.create({ outTradeNo, amount: { total: 100 } });
  return outTradeNo;
}

const FAULTS: readonly [string, MockBehaviour, WxPaySignatureFault, RegExp][] = [
  [
    'without a signature',
    { fault: 'unsigned' },
    'missing',
    /lacks Wechatpay-Timestamp, .*Wechatpay-Signature\. A proxy may strip these headers\.$/,
  ],
  ...['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Serial', 'Wechatpay-Signature'].map(
    (header): [string, MockBehaviour, WxPaySignatureFault, RegExp] => [
      `without ${header}`,
      { fault: 'missing-header', header },
      'missing',
      new RegExp(`it lacks ${header}\\.`),
    ],
  ),
  [
    'with the signature of another key',
    { fault: 'wrong-signature' },
    'mismatch',
    /does not match its content/,
  ],
  ['with another nonce', { fault: 'wrong-nonce' }, 'mismatch', /does not match its content/],
  ['with an unknown serial', { fault: 'unknown-serial' }, 'unknown-serial', /a key that is not configured/],
  ['with a probe signature', { fault: 'probe' }, 'probe', /tests its clients\. The next reply/],
  [
    'dated 301 seconds back',
    { fault: 'timestamp', secondsOff: -302 },
    'stale',
    /dated 30\d seconds in the past/,
  ],
  [
    'dated 301 seconds ahead',
    { fault: 'timestamp', secondsOff: 302 },
    'stale',
    /dated 30\d seconds in the future/,
  ],
  ['dated 1970', { fault: 'timestamp', secondsOff: -Math.floor(Date.now() / 1000) }, 'stale', /in the past/],
];

describe.each(FAULTS)('V3Pipeline, receiving a reply %s', (_, behaviour, reason, message) => {
  it('rejects the query with the reason', async () => {
    const outTradeNo = placeOrder();
    sandbox.gateway.next(behaviour);

    const error = await failureOf(WxPaySignatureError, sandbox.merchant.orderQuery.query({ outTradeNo }));

    expect(error).toMatchObject({ code: 'WXPAY_SIGNATURE', reason, merchant: 'default', retryable: true });
    expect(error.message).toMatch(message);
    expect(error.message).toContain(`The reply to order.query of order ${outTradeNo} could not be verified:`);
  });

  it('rejects the close, although its reply is empty', async () => {
    const outTradeNo = placeOrder();
    sandbox.gateway.next(behaviour);

    const error = await failureOf(WxPaySignatureError, sandbox.merchant.orderClose.close({ outTradeNo }));

    expect(error.reason).toBe(reason);
  });
});

describe('V3Pipeline, receiving a reply', () => {
  it.each([-299, 299])('accepts one that is dated %d seconds from now', async (secondsOff) => {
    const outTradeNo = placeOrder();
    sandbox.gateway.next({ fault: 'timestamp', secondsOff });

    await expect(sandbox.merchant.orderQuery.query({ outTradeNo })).resolves.toMatchObject({ outTradeNo });
  });

  it('refuses one whose body was changed on the way', async () => {
    const outTradeNo = placeOrder();
    sandbox.gateway.next({ fault: 'tampered-body' });

    const error = await failureOf(WxPaySignatureError, sandbox.merchant.orderQuery.query({ outTradeNo }));

    expect(error.reason).toBe('mismatch');
  });

  it('verifies any content type', async () => {
    const outTradeNo = placeOrder();
    sandbox.gateway.next({ fault: 'wrong-content-type' });

    await expect(sandbox.merchant.orderQuery.query({ outTradeNo })).resolves.toMatchObject({ outTradeNo });

    sandbox.gateway.next({
      reply: { status: 200, body: '{}', signed: false, headers: { 'Content-Type': 'text/plain' } },
    });
    await failureOf(WxPaySignatureError, sandbox.merchant.orderQuery.query({ outTradeNo }));
  });

  it.each(['tomorrow', '-1', '1e9', '', '17000000000000'])(
    'refuses one with the timestamp %j as stale',
    async (timestamp) => {
      const outTradeNo = placeOrder();
      sandbox.gateway.next({
        reply: { status: 200, body: '{}', headers: { 'Wechatpay-Timestamp': timestamp } },
      });

      const error = await failureOf(WxPaySignatureError, sandbox.merchant.orderQuery.query({ outTradeNo }));

      expect(error.reason).toBe('stale');
    },
  );

  it('refuses a refusal with a wrong signature, too', async () => {
    const outTradeNo = placeOrder();
    sandbox.gateway.next({
      reply: {
        status: 404,
        body: { code: 'ORDER_NOT_EXIST', message: '订单不存在' },
        signed: true,
        headers: { 'Wechatpay-Nonce': 'another' },
      },
    });

    const error = await failureOf(WxPaySignatureError, sandbox.merchant.orderQuery.query({ outTradeNo }));

    expect(error.reason).toBe('mismatch');
  });

  it('refuses a serial number in another case', async () => {
    const outTradeNo = placeOrder();
    const { publicKeyId } = sandbox.gateway.keys;
    sandbox.gateway.next({
      reply: { status: 200, body: '{}', headers: { 'Wechatpay-Serial': publicKeyId.toLowerCase() } },
    });

    const error = await failureOf(WxPaySignatureError, sandbox.merchant.orderQuery.query({ outTradeNo }));

    expect(error.reason).toBe('unknown-serial');
  });

  it.each([{ SignatureValid: false }, 'false', 1])(
    'refuses one for which the verifier returns %j',
    async (answer) => {
      class KeyServiceVerifier extends WxPayVerifier {
        override acceptedSerialNo = () => Promise.resolve(undefined);
        override verify = () => Promise.resolve(answer as never);
      }
      const merchant = sandbox.merchantWith({ verifier: new KeyServiceVerifier() });

      const error = await failureOf(
        WxPaySignatureError,
        merchant.orderQuery.query({ outTradeNo: placeOrder() }),
      );

      expect(error.reason).toBe('mismatch');
    },
  );
});
