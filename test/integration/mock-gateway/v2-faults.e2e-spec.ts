import { afterEach, describe, expect, it } from '@jest/globals';
import type { MockFaultKind } from 'nestjs-wxpay/testing';
import { isGenuineV2, type V2Reply } from '../../support/signing/hand-signed-v2.js';
import { useOrderAtGateway } from '../../support/harness/order-at-gateway.js';

const at = useOrderAtGateway();
const { queryV2: query, closeV2: close, state } = at;
afterEach(() => at.gateway.faults(undefined));

const only = (kind: MockFaultKind) => at.gateway.faults({ seed: 1, rate: 1, kinds: [kind] });
const genuine = (reply: V2Reply) => isGenuineV2(at.gateway, reply, 'HMAC-SHA256');

/** What a query looks like that one of them struck. */
const QUERIES: readonly (readonly [kind: MockFaultKind, isStruck: (reply: V2Reply) => boolean])[] = [
  ['html', ({ status, headers }) => status >= 500 && headers['content-type'] === 'text/html'],
  ['redirect', ({ status }) => status === 302],
  ['system-error', (reply) => reply.status === 200 && codeOf(reply) === 'SYSTEMERROR' && genuine(reply)],
  ['rate-limited', (reply) => reply.status === 200 && codeOf(reply) === 'FREQUENCY_LIMITED'],
  ['order-not-exist', (reply) => codeOf(reply) === 'ORDERNOTEXIST'],
  ['unsigned', ({ fields }) => fields['out_trade_no'] === at.no && !('sign' in fields)],
  ['wrong-signature', (reply) => reply.fields['sign']?.length === 64 && !genuine(reply)],
  ['tampered-body', (reply) => reply.fields['out_trade_no'] === at.no && !genuine(reply)],
  ['downgraded', (reply) => isGenuineV2(at.gateway, reply, 'MD5')],
  ['swapped', (reply) => reply.fields['out_trade_no'] === 'OTHER' && genuine(reply)],
  ['other-merchant', (reply) => reply.fields['mch_id'] === '1999999999' && genuine(reply)],
  [
    'wrong-content-type',
    ({ headers, fields }) => headers['content-type'] === 'text/html' && 'sign' in fields,
  ],
  ['malformed', ({ body }) => body.startsWith('<xml>') && !body.endsWith('</xml>')],
  ['wrong-types', (reply) => reply.fields['total_fee'] === 'much' && genuine(reply)],
  [
    'decorated',
    (reply) =>
      reply.fields['coupon_id_0'] === '10000' && reply.fields['total_fee'] === '100' && genuine(reply),
  ],
  ['doctype', ({ body }) => body.startsWith('<!DOCTYPE')],
  ['duplicate-tag', ({ body }) => body.split('<nonce_str>').length === 3],
  [
    'recut',
    (reply) =>
      reply.fields['out_trade_no'] === at.no && reply.fields['trade_state'] === 'SUCCESS' && genuine(reply),
  ],
  ['oversize', ({ bytes }) => bytes.length === 2 * 1024 * 1024],
  ['bomb', ({ headers, bytes }) => 'content-encoding' in headers && bytes.length < 20_000],
];

describe('MockWxPayGateway.faults over APIv2', () => {
  it.each(QUERIES)('strike a query: %s', async (kind, isStruck) => {
    const healthy = await query();
    only(kind);

    const struck = await query();

    expect([healthy, struck].map(isStruck)).toEqual([false, true]);
    expect(at.gateway.requests.at(-1)).toMatchObject({ fault: kind });
  });

  it('say that there is no order, unsigned or signed for another one', async () => {
    only('order-not-exist');

    const replies = [];
    for (let asked = 0; asked < 20; asked++) replies.push(await query());

    const signed = replies.filter(({ fields }) => 'sign' in fields);
    expect(signed.every(genuine)).toBe(true);
    expect(signed.length).toBeGreaterThan(0);
    expect(signed.length).toBeLessThan(20);
  });

  it.each<[MockFaultKind, code: string]>([
    ['order-paid', 'ORDERPAID'],
    ['trade-error', 'TRADE_STATE_ERROR'],
  ])('refuse a close without a reason, unsigned: %s', async (kind, code) => {
    only(kind);

    const { fields } = await close();

    expect(fields).toMatchObject({ result_code: 'FAIL', err_code: code });
    expect(fields).not.toHaveProperty('sign');
    expect(state()).toBe('NOTPAY');
  });

  it('refuse a close with a signature, as if it were done: order-closed', async () => {
    only('order-closed');

    const reply = await close();

    expect(reply.fields).toMatchObject({ result_code: 'FAIL', err_code: 'ORDERCLOSED' });
    expect(genuine(reply)).toBe(true);
    expect(state()).toBe('NOTPAY');
  });

  it.each<[MockFaultKind, after: string]>([
    ['lost-request', 'NOTPAY'],
    ['lost-answer', 'CLOSED'],
    ['reset-mid-body', 'CLOSED'],
  ])('break the connection of a close: %s', async (kind, after) => {
    only(kind);

    await expect(close()).rejects.toThrow(/hang up|ECONNRESET|aborted/);

    expect(state()).toBe(after);
  });

  it('pay an order while it is being closed', async () => {
    only('pay-during-close');

    expect((await close()).fields).toMatchObject({ result_code: 'FAIL' });
    expect(state()).toBe('SUCCESS');
  });

  it.each<MockFaultKind>(['downgraded', 'probe', 'stale', 'missing-header'])(
    'leave a request alone that cannot have it: %s',
    async (kind) => {
      only(kind);

      const reply = await query('MD5');

      expect(isGenuineV2(at.gateway, reply, 'MD5')).toBe(true);
      expect(at.gateway.faultCounts[kind]).toBe(0);
    },
  );
});

function codeOf({ fields }: V2Reply): string | undefined {
  return fields['err_code'];
}
