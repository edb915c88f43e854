import { describe, expect, it } from '@jest/globals';
import { HmacSha256Signer, WxPayApiError, WxPayError } from 'nestjs-wxpay';
import type { MockBehaviour, MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useTwoHosts } from '../../support/harness/two-hosts.js';

const hosts = useTwoHosts();
const asked = () => [hosts.main.requests.length, hosts.backup.requests.length];
const BUSY: MockBehaviour = { status: 200, code: 'SYSTEMERROR' };

/** What a request said of itself. */
const signed = ({ requests }: MockWxPayGateway) =>
  requests.map(({ body }) => /<nonce_str>(.*?)<.*<sign>(.*?)</s.exec(body)?.slice(1) ?? []);

describe('failover over APIv2', () => {
  it.each<[string, readonly MockBehaviour[], readonly number[]]>([
    ['with SYSTEMERROR and HTTP 200', [BUSY], [2, 0]],
    ['with SYSTEMERROR twice', [BUSY, BUSY], [2, 1]],
    ['with a connection closed', [{ fault: 'close', handled: false }], [1, 1]],
    ['without any reply', [{ fault: 'hang' }], [1, 1]],
    ['with half a reply', [{ fault: 'reset-mid-body' }], [1, 1]],
    ['with the page of a proxy', [{ fault: 'html', status: 502 }], [1, 1]],
    ['with a wrong signature', [{ fault: 'wrong-signature' }], [2, 0]],
    ['with a weaker signature', [{ fault: 'downgraded' }, { fault: 'downgraded' }], [2, 1]],
    ['with another order', [{ fault: 'swapped', outTradeNo: 'T2' }], [1, 1]],
    ['with FREQUENCY_LIMITED', [{ status: 200, code: 'FREQUENCY_LIMITED' }], [2, 0]],
  ])('completes a call after a failure %s', async (_, behaviours, expected) => {
    hosts.main.orders.create({ outTradeNo: 'T2', amount: { total: 2 } });
    for (const behaviour of behaviours) hosts.main.next(behaviour);

    const order = await hosts
      .v2MerchantWith({ attemptTimeoutMs: 400 })
      .orderQuery.query({ outTradeNo: 'T1' });

    expect(order).toMatchObject({ outTradeNo: 'T1', tradeState: 'NOTPAY' });
    expect(asked()).toEqual(expected);
  });

  it('completes a call if everything goes wrong in turn', async () => {
    for (const behaviour of [BUSY, { fault: 'wrong-signature' } as const]) hosts.main.next(behaviour);
    hosts.backup.next({ fault: 'close', handled: false });

    await hosts.v2MerchantWith().orderClose.close({ outTradeNo: 'T1' });

    // The second close took effect, so the last one is told ORDERCLOSED, which a query confirms.
    expect(asked()).toEqual([4, 1]);
    expect(hosts.main.orders.get('T1')?.tradeState).toBe('CLOSED');
  });

  it('signs each attempt anew', async () => {
    for (let count = 0; count < 2; count++) hosts.main.next(BUSY);

    await hosts.v2MerchantWith().orderQuery.query({ outTradeNo: 'T1' });

    const proofs = [...signed(hosts.main), ...signed(hosts.backup)];
    const [nonces, signatures] = [0, 1].map((part) => new Set(proofs.map((proof) => proof[part])));
    expect([proofs.length, nonces?.size, signatures?.size]).toEqual([3, 3, 3]);
  });

  it('throws the last error of a busy service', async () => {
    for (const host of [hosts.main, hosts.backup]) {
      for (let count = 0; count < 4; count++) host.next(BUSY);
    }

    const error = await failureOf(
      WxPayApiError,
      hosts.v2MerchantWith().orderQuery.query({ outTradeNo: 'T1' }),
    );

    expect(error).toMatchObject({ code: 'SYSTEM_ERROR', kind: 'gateway', httpStatus: 200 });
    expect(asked()).toEqual([2, 2]);
  });
});

describe('the health of a host, shared by merchants of APIv2 and APIv3', () => {
  it('spares other merchants a host that one merchant found dead', async () => {
    for (let count = 0; count < 2; count++) hosts.main.next({ fault: 'html', status: 502 });
    const v2 = hosts.v2MerchantWith();
    for (let count = 0; count < 2; count++) await v2.orderQuery.query({ outTradeNo: 'T1' });

    await hosts.merchantWith().orderQuery.query({ outTradeNo: 'T1' });

    expect(asked()).toEqual([2, 3]);
  });

  it('is not affected by a merchant with a wrong APIv2 key', async () => {
    const wrong = hosts.v2MerchantWith({ signer: new HmacSha256Signer({ key: 'w'.repeat(32) }) });
    for (let count = 0; count < 3; count++) {
      await failureOf(WxPayError, wrong.orderQuery.query({ outTradeNo: 'T1' }));
    }

    await hosts.merchantWith().orderQuery.query({ outTradeNo: 'T1' });

    expect(hosts.backup.requests).toHaveLength(0);
  });
});
