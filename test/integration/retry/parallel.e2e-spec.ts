import { describe, expect, it } from '@jest/globals';
import { useSandbox } from '../../support/harness/sandbox.js';

const CALLS = 1_000;
/** How fast it is does not matter here. */
const OPTIONS = { timeoutMs: 60_000 };
const sandbox = useSandbox({ delayMs: () => Math.random() * 20 });

const isClosed = (index: number): boolean => index % 3 === 0;

describe('1,000 interleaved queries and closes', () => {
  it('get each their own reply', async () => {
    const { gateway, merchant } = sandbox;
    const numbers = Array.from({ length: CALLS }, (_, index) => `N${index}`);
    for (const [index, outTradeNo] of numbers.entries()) {
      gateway.orders.create({ outTradeNo, amount: { total: index + 1 }, attach: `attach of ${outTradeNo}` });
    }

    const answers = await Promise.all(
      numbers.map((outTradeNo, index) =>
        isClosed(index)
          ? merchant.orderClose.close({ outTradeNo }, OPTIONS)
          : merchant.orderQuery.query({ outTradeNo }, OPTIONS),
      ),
    );

    for (const [index, outTradeNo] of numbers.entries()) {
      const expected = isClosed(index)
        ? undefined
        : {
            outTradeNo,
            tradeState: 'NOTPAY',
            attach: `attach of ${outTradeNo}`,
            amount: { total: index + 1 },
          };
      if (expected === undefined) expect(answers[index]).toBeUndefined();
      else expect(answers[index]).toMatchObject(expected);
      expect(gateway.orders.get(outTradeNo)?.tradeState).toBe(isClosed(index) ? 'CLOSED' : 'NOTPAY');
    }
  });

  it('are signed with different nonces', () => {
    const nonces = sandbox.gateway.requests.map(
      ({ headers }) => /nonce_str="([^"]+)"/.exec(String(headers.authorization))?.[1],
    );

    expect(new Set(nonces).size).toBe(CALLS);
  });
});
