import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { Budget } from '../../../lib/domain/flows/budget.js';
import { realProcess } from '../../support/harness/real-process.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const MANY = 12;
const sandbox = useSandbox();
const warnings: string[] = [];
const listen = ({ name }: Error) => void warnings.push(name);

beforeAll(() => {
  sandbox.gateway.orders.create({ outTradeNo: 'MANY-1', amount: { total: 1 } });
});
beforeEach(() => {
  warnings.length = 0;
  realProcess.on('warning', listen);
});
afterEach(() => {
  realProcess.off('warning', listen);
});

it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
  [
    'watches',
    (signal) =>
      new Promise((_, reject) =>
        sandbox.merchant.orderQuery.watch({ outTradeNo: 'MANY-1' }, { signal }).subscribe({ error: reject }),
      ),
  ],
  [
    'shared queries',
    (signal) => sandbox.merchant.orderQuery.query({ outTradeNo: 'MANY-1' }, { share: true, signal }),
  ],
  [
    'loops over many queries',
    async (signal) => {
      for await (const _ of sandbox.merchant.orderQuery.queryMany([{ outTradeNo: 'MANY-1' }], { signal }));
    },
  ],
  ['pauses of settlements', (signal) => new Budget(60_000, signal).pause(30_000)],
])('any number of %s may share one signal without a warning', async (_, begin) => {
  const caller = new AbortController();
  const all = Promise.allSettled(Array.from({ length: MANY }, () => begin(caller.signal)));
  await setImmediate();

  caller.abort('enough');

  await all;
  expect(warnings).toEqual([]);
});
