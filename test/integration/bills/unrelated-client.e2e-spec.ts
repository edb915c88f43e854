import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { DAY, payOrders } from '../../support/harness/day-of-trade.js';
import { useSandbox } from '../../support/harness/sandbox.js';
import { unrelatedClient } from '../../support/signing/unrelated-client.js';

const sandbox = useSandbox();

interface Location {
  readonly hash_value: string;
  readonly download_url: string;
}

describe('a bill of the mock gateway', () => {
  it('is downloaded by a client that shares no code with this package', async () => {
    payOrders(sandbox.gateway, [1_000, 1]);
    const wxpay = unrelatedClient(sandbox.gateway);
    const params = { bill_date: DAY, tar_type: 'GZIP' };

    const { data } = await wxpay.chain('v3/bill/tradebill').get<Location>({ params });
    const { pathname, searchParams } = new URL(data.download_url);
    const file = await wxpay.chain(pathname.slice(1)).get<Buffer>({
      params: Object.fromEntries(searchParams),
      responseType: 'arraybuffer',
      // The file is not signed, so that nothing is verified.
      transformResponse: [],
    });

    const content = gunzipSync(file.data);
    expect(createHash('sha1').update(content).digest('hex')).toBe(data.hash_value);
    expect(content.toString().slice(1)).toBe(sandbox.gateway.bills.text({ date: DAY }));
  });
});
