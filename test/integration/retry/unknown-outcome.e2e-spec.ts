import { describe, expect, it } from '@jest/globals';
import {
  WxPayApiError,
  WxPayError,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
  WxPayVerifier,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import type { MockBehaviour } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { REFUSING, useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const ASK_FIRST = 'It may have been carried out: ask WeChat Pay for its outcome before you repeat it.';
const SAFE = 'It may have been carried out: query the order, or repeat the call.';

const post = (merchant: WxPayMerchant) =>
  merchant.client.request(
    { method: 'POST', path: '/v3/pay/transactions/out-trade-no/T1/close', body: { mchid: merchant.mchid } },
    { timeoutMs: 400 },
  );
const postV2 = (merchant: WxPayMerchant) =>
  merchant.client.request({ path: '/pay/closeorder', fields: { out_trade_no: 'T1' } }, { timeoutMs: 400 });
const close = (merchant: WxPayMerchant) =>
  merchant.orderClose.close({ outTradeNo: 'T1' }, { timeoutMs: 400 });
const query = (merchant: WxPayMerchant) =>
  merchant.orderQuery.query({ outTradeNo: 'T1' }, { timeoutMs: 400 });

/** All that the hosts do until the call has ended. */
function script(behaviour: MockBehaviour): void {
  for (let count = 0; count < 4; count++) {
    hosts.main.next(behaviour);
    hosts.backup.next(behaviour);
  }
}

const xml = (fields: string): MockBehaviour => ({ reply: { status: 200, body: `<xml>${fields}</xml>` } });

/** Of a key service that is gone when the reply has come. */
class LostVerifier extends WxPayVerifier {
  override async acceptedSerialNo() {
    return undefined;
  }
  override async verify(): Promise<boolean> {
    throw new Error('connect ECONNREFUSED');
  }
}

type FailureClass = abstract new (...args: never[]) => WxPayError;

describe('a request that is not idempotent and may have been carried out', () => {
  it.each<[string, MockBehaviour, FailureClass]>([
    ['a reset', { fault: 'reset' }, WxPayTransportError],
    ['silence', { fault: 'hang' }, WxPayTransportError],
    ['a page of a proxy', { reply: { status: 502, body: '<html>Bad gateway</html>' } }, WxPayTransportError],
    ['a wrong signature', { fault: 'wrong-signature' }, WxPaySignatureError],
    ['a verified reply that is not JSON', { reply: { status: 200, body: 'ok' } }, WxPayProtocolError],
    ['SYSTEM_ERROR', { status: 500, code: 'SYSTEM_ERROR' }, WxPayApiError],
    ['an unknown code with HTTP 502', { status: 502, code: 'NEW_CODE' }, WxPayApiError],
    ['HTTP 202', { status: 202, code: 'PROCESSING' }, WxPayApiError],
    ['USERPAYING', { status: 400, code: 'USERPAYING' }, WxPayApiError],
  ])('has an unknown outcome and is not retryable after %s', async (_, behaviour, type) => {
    script(behaviour);

    const error = await failureOf(type, post(hosts.merchantWith()));

    expect(error).toMatchObject({ retryable: false, outcomeUnknown: true });
    expect(error.message).toContain(ASK_FIRST);
    expect(error.stack).toContain(ASK_FIRST);
  });

  it('has an unknown outcome if the verifier of the app fails', async () => {
    const error = await failureOf(
      WxPayTransportError,
      post(hosts.merchantWith({ verifier: new LostVerifier() })),
    );

    expect(error).toMatchObject({ retryable: false, outcomeUnknown: true });
  });

  it.each<[string, MockBehaviour, FailureClass]>([
    ['a reset', { fault: 'reset' }, WxPayTransportError],
    ['a wrong signature', { fault: 'wrong-signature' }, WxPaySignatureError],
    ['SYSTEMERROR', { status: 200, code: 'SYSTEMERROR' }, WxPayApiError],
    ['a code that is not listed', { status: 200, code: 'SEND_FAILED' }, WxPayApiError],
    ['a reply without a signature', xml('<return_code>SUCCESS</return_code>'), WxPaySignatureError],
  ])('has an unknown outcome over APIv2 after %s', async (_, behaviour, type) => {
    script(behaviour);

    const error = await failureOf(type, postV2(hosts.v2MerchantWith()));

    expect(error).toMatchObject({ retryable: false, outcomeUnknown: true });
    expect(error.message).toContain(ASK_FIRST);
  });

  it('has an unknown outcome if a reversal gets no reply', async () => {
    const merchant = hosts.merchantWith({ codePayReverse: { appid: 'wx1' } });
    hosts.main.orders.create({ outTradeNo: 'M1', amount: { total: 1 }, tradeType: 'MICROPAY' });
    hosts.main.next({ when: { operation: 'order.reverse' }, fault: 'reset', handled: false });

    const error = await failureOf(
      WxPayTransportError,
      merchant.orderReverse.reverse({ outTradeNo: 'M1' }, { timeoutMs: 900 }),
    );

    expect(error).toMatchObject({ retryable: false, outcomeUnknown: true });
    expect(error.message).toContain(ASK_FIRST);
  });
});

describe('a request that is not idempotent and was not carried out', () => {
  it.each<[string, MockBehaviour, boolean]>([
    ['a rate limit', { status: 429, code: 'FREQUENCY_LIMITED' }, true],
    ['a refusal', { status: 400, code: 'PARAM_ERROR' }, false],
    ['a refusal for the state of the order', { status: 403, code: 'TRADE_ERROR' }, false],
  ])('has a known outcome after %s', async (_, behaviour, retryable) => {
    script(behaviour);

    const error = await failureOf(WxPayApiError, post(hosts.merchantWith()));

    expect(error).toMatchObject({ retryable });
    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(error.message).not.toContain('carried out');
  });

  it('is retryable if no host could be reached', async () => {
    const error = await failureOf(WxPayTransportError, post(hosts.merchantWith({ hosts: [REFUSING] })));

    expect(error.retryable).toBe(true);
    expect(error).not.toHaveProperty('outcomeUnknown');
  });
});

describe('a close', () => {
  it.each<[string, MockBehaviour, FailureClass]>([
    ['a reset', { fault: 'reset' }, WxPayTransportError],
    ['SYSTEM_ERROR', { status: 500, code: 'SYSTEM_ERROR' }, WxPayApiError],
    ['a wrong signature', { fault: 'wrong-signature' }, WxPaySignatureError],
  ])('has an unknown outcome and is retryable after %s', async (_, behaviour, type) => {
    script(behaviour);

    const error = await failureOf(type, close(hosts.merchantWith()));

    expect(error).toMatchObject({ retryable: true, outcomeUnknown: true });
    expect(error.message).toContain(SAFE);
  });

  it('has an unknown outcome if its first request was lost and the second met a rate limit', async () => {
    hosts.main.next({ fault: 'reset' });
    hosts.backup.next({ status: 429, code: 'FREQUENCY_LIMITED' });

    const error = await failureOf(WxPayApiError, close(hosts.merchantWith({ maxAttempts: 2 })));

    expect(error).toMatchObject({ kind: 'rate-limited', outcomeUnknown: true });
  });

  it('has a known outcome if its first request was lost and the second shows the state', async () => {
    hosts.main.orders.pay('T1');
    hosts.main.next({ fault: 'reset', handled: false });

    const error = await failureOf(WxPayApiError, close(hosts.merchantWith()));

    expect(error.kind).toBe('order-state');
    expect(error).not.toHaveProperty('outcomeUnknown');
  });
});

describe('a query', () => {
  it.each<[string, MockBehaviour]>([
    ['a reset', { fault: 'reset' }],
    ['silence', { fault: 'hang' }],
    ['SYSTEM_ERROR', { status: 500, code: 'SYSTEM_ERROR' }],
  ])('has no unknown outcome after %s', async (_, behaviour) => {
    script(behaviour);

    const error = await failureOf(WxPayError, query(hosts.merchantWith()));

    expect(error.retryable).toBe(true);
    expect(error).not.toHaveProperty('outcomeUnknown');
    expect(error.message).not.toContain('carried out');
  });

  it('has no unknown outcome through WxPayClient', async () => {
    script({ fault: 'reset' });

    const error = await failureOf(
      WxPayTransportError,
      hosts.merchantWith().client.request({ method: 'GET', path: '/v3/x/y' }, { timeoutMs: 400 }),
    );

    expect(error).not.toHaveProperty('outcomeUnknown');
  });
});
