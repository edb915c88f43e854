import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../../lib/errors/wxpay-api-error.js';
import { WxPayInputError } from '../../../../lib/errors/wxpay-input-error.js';
import { OrderCloseService } from '../../../../lib/orders/order-close.service.js';
import { OrderQueryService } from '../../../../lib/orders/order-query.service.js';
import { OrderSettleService } from '../../../../lib/orders/order-settle.service.js';
import type { OrderRef } from '../../../../lib/domain/order-ref.js';
import { decodeOrder } from '../../../../lib/v3/decode-order.js';
import { parseJson } from '../../../../lib/v3/json.js';
import { accessTo } from '../../../support/harness/access-to.js';
import { Answering, useAnswering } from '../../../support/servers/answering-gateway.js';
import { failureOf } from '../../../support/assertions/failure-of.js';
import { refusal } from '../../../support/harness/watched-order.js';

/** An order in the hands of a caller who does not respect `readonly`. */
interface Changeable {
  readonly amount: { total: number };
  readonly successTime: Date;
  readonly raw: { readonly x: number[] };
}

const T1 = { outTradeNo: 'T1' };

const virtual = useAnswering();

describe('OrderQueryService.query with share', () => {
  it('sends one request for identical queries under way at the same time', async () => {
    const queries = [
      virtual.gateway.share(),
      virtual.gateway.share({}, { outTradeNo: 'T1', subMchid: undefined }),
      virtual.gateway.share(),
    ];

    virtual.gateway.answerAll('SUCCESS');

    await expect(Promise.all(queries)).resolves.toMatchObject([
      { tradeState: 'SUCCESS' },
      { tradeState: 'SUCCESS' },
      { tradeState: 'SUCCESS' },
    ]);
    expect(virtual.gateway.asked).toHaveLength(1);
  });

  it('sends another request for a query after the reply', async () => {
    const first = virtual.gateway.share();
    virtual.gateway.answerAll('NOTPAY');
    await first;

    const second = virtual.gateway.share();
    virtual.gateway.answerAll('SUCCESS');

    await expect(second).resolves.toMatchObject({ tradeState: 'SUCCESS' });
  });

  it.each<[string, OrderRef, OrderRef]>([
    ['another order', T1, { outTradeNo: 'T2' }],
    ['the order of a sub-merchant', T1, { ...T1, subMchid: '1' }],
    ['the order of another sub-merchant', { ...T1, subMchid: '1' }, { ...T1, subMchid: '2' }],
    [
      'the order under another appid',
      { ...T1, subMchid: '1', subAppid: 'wxa' },
      { ...T1, subMchid: '1', subAppid: 'wxb' },
    ],
    ["WeChat's number", T1, { transactionId: 'T1' }],
  ])('sends a separate request for %s', async (_, one, other) => {
    const queries = [virtual.gateway.share({}, one), virtual.gateway.share({}, other)];

    expect(virtual.gateway.asked.map(({ ref }) => ref)).toEqual([one, other]);
    virtual.gateway.answerAll('NOTPAY');
    await Promise.all(queries);
  });

  it('sends a separate request without share while one with share is under way', async () => {
    const queries = [
      virtual.gateway.share(),
      virtual.gateway.service.query(T1),
      virtual.gateway.service.query(T1, { share: false }),
    ];

    expect(virtual.gateway.asked).toHaveLength(3);
    virtual.gateway.answerAll('NOTPAY');
    await Promise.all(queries);
  });

  it('sends a separate request to a merchant that was replaced', async () => {
    let current = virtual.gateway;
    const service = new OrderQueryService(accessTo(() => current));
    const before = service.query(T1, { share: true });
    current = new Answering();

    const after = service.query(T1, { share: true });

    current.answerAll('SUCCESS');
    await expect(after).resolves.toMatchObject({ tradeState: 'SUCCESS' });
    virtual.gateway.answerAll('NOTPAY');
    await expect(before).resolves.toMatchObject({ tradeState: 'NOTPAY' });
  });

  it('gives every caller a value of its own', async () => {
    const reply =
      '"mchid":"1","out_trade_no":"T1","trade_state":"SUCCESS","trade_state_desc":"","amount":{"total":7}';
    const answer = decodeOrder(
      parseJson(Buffer.from(`{${reply},"success_time":"2026-01-02T03:04:05Z","x":[1],"none":null}`)),
      '$',
    );
    const queries = [virtual.gateway.share(), virtual.gateway.share()];
    virtual.gateway.asked[0]?.answer(answer);

    const [mine, theirs] = (await Promise.all(queries)) as unknown as [Changeable, Changeable];
    mine.amount.total = 0;
    mine.successTime.setTime(0);
    mine.raw.x.push(2);

    expect(theirs).toEqual(answer);
    expect(theirs.raw.x).toEqual([1]);
    expect(Object.keys(theirs)).not.toContain('raw');
    expect(Object.getPrototypeOf(theirs.raw)).toBeNull();
  });

  it('passes a refusal on to every caller', async () => {
    const failures = [virtual.gateway.share(), virtual.gateway.share()].map((query) =>
      failureOf(WxPayApiError, query),
    );

    virtual.gateway.asked[0]?.fail(refusal('ORDER_NOT_EXIST'));

    for (const failure of failures) expect((await failure).code).toBe('ORDER_NOT_EXIST');
  });

  it('refuses a value that is not a boolean', async () => {
    const query = virtual.gateway.service.query(T1, { share: 'no' as unknown as boolean });

    expect((await failureOf(WxPayInputError, query)).message).toBe('share must be true or false.');
  });

  it('is not used by settle, close and watch', async () => {
    const shared = virtual.gateway.share();
    const settlement = new OrderSettleService(accessTo(() => virtual.gateway)).settle(T1);
    const watching = virtual.gateway.service.watch(T1).subscribe();
    await new OrderCloseService(accessTo(() => virtual.gateway)).close(T1);

    expect(virtual.gateway.underWay).toHaveLength(3);

    watching.unsubscribe();
    virtual.gateway.answerAll('SUCCESS');
    await Promise.all([shared, settlement]);
  });
});
