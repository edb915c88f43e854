import { rm } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { openBill } from '../../../lib/bills/stored-bill.js';
import { TRADE_BILL } from '../../../lib/domain/bills/trade-bill.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { TemporaryFile } from '../../../lib/transport/download/temporary-file.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { billVector } from '../../support/fixtures/bills.js';
import { temporaryFiles } from '../../support/fixtures/temporary-files.js';

const NAME = { subject: 'trade bill of 2026-11-28', merchant: 'eu' };

async function open(endsAt: number) {
  const text = billVector('trade-all');
  const file = await TemporaryFile.create(async (handle) => (await handle.write(text)).bytesWritten);
  return openBill(
    { file, subject: NAME.subject, proven: true, isEmpty: false },
    {
      format: TRADE_BILL,
      name: NAME,
      signal: new AbortController().signal,
      limit: { timeoutMs: 1_000, endsAt },
    },
  );
}

describe('openBill', () => {
  it('ends when the time of the call is up, and leaves no file', async () => {
    const error = await failureOf(WxPayTransportError, open(performance.now() - 1));

    expect(error).toMatchObject({ timedOut: true, merchant: 'eu' });
    expect(error.message).toContain('was downloaded, but not checked within 1000 ms');
    expect(temporaryFiles()).toEqual([]);
  });

  it('names the bill whose file something else has removed', async () => {
    const bill = await open(Infinity);
    await rm(bill.path);

    const error = await failureOf(WxPayTransportError, bill[Symbol.asyncIterator]().next());

    expect(error).toMatchObject({ retryable: true, cause: { message: expect.stringContaining('ENOENT') } });
    expect(error.message).toContain('The file of the trade bill of 2026-11-28 cannot be read.');
  });
});
