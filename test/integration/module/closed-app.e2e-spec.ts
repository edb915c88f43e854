import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Observable } from 'rxjs';
import { OrderQueryService, WxPayMerchants, WxPayModule, WxPayTransportError } from 'nestjs-wxpay';
import { useContainers } from '../../support/harness/containers.js';
import { eventually } from '../../support/assertions/eventually.js';
import { Source } from '../../support/servers/counting-gateway.js';

const run = promisify(execFile);
const containers = useContainers();
const start = async () => containers.start(WxPayModule.forRoot(containers.gateway.options()));

/** What a subscriber is told. */
function follow(changes: Observable<{ readonly mchid?: string }>): unknown[] {
  const told: unknown[] = [];
  changes.subscribe({
    next: ({ mchid }) => told.push(mchid),
    error: (error: unknown) => told.push(error),
    complete: () => told.push('complete'),
  });
  return told;
}

describe('OrderQueryService, when the app is closed', () => {
  it('ends a watch with a retryable error', async () => {
    const app = await start();
    const told = follow(app.get(OrderQueryService).watch({ outTradeNo: 'T1' }));
    await eventually(() => expect(told).toEqual(['1900000001']));

    await app.close();

    expect(told[1]).toBeInstanceOf(WxPayTransportError);
    expect(told[1]).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^The watch of order T1 was stopped, because the app was closed\./),
    });
  });

  it('ends the watch of a merchant that was replaced', async () => {
    const app = await start();
    const merchants = app.get(WxPayMerchants);
    const told = follow(merchants.get().orderQuery.watch({ outTradeNo: 'T1' }));
    await eventually(() => expect(told).toEqual(['1900000001']));
    merchants.replace('default', containers.gateway.options());

    await app.close();

    expect(told[1]).toBeInstanceOf(WxPayTransportError);
  });

  it('starts no watch', async () => {
    const app = await start();
    const query = app.get(OrderQueryService);
    await app.close();

    const told = follow(query.watch({ outTradeNo: 'T1' }));

    await eventually(() => expect(told).toEqual([expect.any(WxPayTransportError)]));
  });

  it('starts no loop over many queries', async () => {
    const app = await start();
    const source = new Source(1);
    const outcomes = app.get(OrderQueryService).queryMany(source);
    await app.close();

    await expect(outcomes.next()).rejects.toThrow(WxPayTransportError);

    expect(source.taken).toBe(0);
  });

  it('ends a loop over many queries with an error', async () => {
    const app = await start();
    const outcomes = app
      .get(OrderQueryService)
      .queryMany([{ outTradeNo: 'T1' }, { outTradeNo: 'T1' }], { concurrency: 1 });
    await outcomes.next();

    await app.close();

    await expect(outcomes.next()).rejects.toThrow(WxPayTransportError);
  });

  it('lets the process end', async () => {
    const { stdout } = await run(process.execPath, ['test/support/harness/closed-app.mjs'], {
      timeout: 60_000,
    });

    expect(stdout.split('\n')).toEqual([
      'NOTPAY',
      expect.stringMatching(/^WxPayTransportError: The watch of order WATCH-1/),
      '',
    ]);
  }, 90_000);
});

it('OrderQueryService.watch continues with the new options of a replaced merchant', async () => {
  const app = await start();
  const told = follow(app.get(OrderQueryService).watch({ outTradeNo: 'T2' }, { scheduleMs: [20] }));

  app.get(WxPayMerchants).replace('default', containers.otherOptions());

  await eventually(() => expect(told).toEqual(['1900000002']));
});
