import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import { WxPayV2Signer } from '../../../lib/v2/signing/signer.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { V2_MERCHANT } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const MEGABYTE = 1_048_576;
const ref = { outTradeNo: 'T1' };

/** A signer in a key service: it signs like ours, unless the test steps in. */
class RemoteSigner extends WxPayV2Signer {
  readonly signType = 'HMAC-SHA256';
  readonly #local = new HmacSha256Signer({ key: V2_MERCHANT.key });
  readonly #before: (call: number) => Promise<void> | void;
  #calls = 0;

  constructor(before: (call: number) => Promise<void> | void) {
    super();
    this.#before = before;
  }

  override async sign(fields: Readonly<Record<string, string>>): Promise<string> {
    await this.#before(++this.#calls);
    return this.#local.sign(fields);
  }
}

const never = () => new Promise<void>(() => undefined);

describe('a call over APIv2, with its deadline', () => {
  it('ends if WeChat Pay does not reply', async () => {
    sandbox.server.next(() => undefined);

    const error = await failureOf(WxPayTransportError, sandbox.orders.query(ref, { timeoutMs: 400 }));

    const { host } = new URL(sandbox.server.url);
    expect(error).toMatchObject({ timedOut: true, hosts: [host] });
    expect(error.message).toContain(
      `WeChat Pay did not reply to order.query of order T1 within 400 ms (${host}; most of the time went into sending)`,
    );
  });

  it('ends if the reply stops half way', async () => {
    sandbox.server.next((response) => void response.writeHead(200).write('<xml><return_code>'));

    const error = await failureOf(WxPayTransportError, sandbox.orders.close(ref, { timeoutMs: 60 }));

    expect(error.timedOut).toBe(true);
  });

  it.each([
    ['signing', 1],
    ['verifying', 2],
  ])('counts the time of the signer for %s', async (step, hangingCall) => {
    const signer = new RemoteSigner((call) => (call === hangingCall ? never() : undefined));
    sandbox.server.orders.set('T1', { trade_state: 'NOTPAY' });

    const error = await failureOf(
      WxPayTransportError,
      sandbox.ordersWith({ signer }).query(ref, { timeoutMs: 2_000 }),
    );

    expect(error.timedOut).toBe(true);
    expect(error.message).toContain(`most of the time went into ${step}`);
  });

  it('ends with the reason of a caller who aborts', async () => {
    const caller = new AbortController();
    sandbox.server.next(() => caller.abort('changed my mind'));

    await expect(sandbox.orders.query(ref, { signal: caller.signal })).rejects.toBe('changed my mind');
  });
});

describe('a call over APIv2, with a signer that fails', () => {
  it.each([
    ['the request', 1],
    ['the reply', 2],
  ])('ends with its reason while signing %s', async (_, failingCall) => {
    const signer = new RemoteSigner((call) => {
      if (call === failingCall) throw new Error('key service is down');
    });
    sandbox.server.orders.set('T1', { trade_state: 'NOTPAY' });

    const error = await failureOf(WxPayTransportError, sandbox.ordersWith({ signer }).query(ref));

    expect(error).toMatchObject({ timedOut: false, merchant: 'default' });
    expect(error.message).toBe(
      'The signer failed during order.query of order T1 (key service is down). Check the key service that it uses.',
    );
  });

  it('shows no key that the error of the signer names', async () => {
    const { key } = V2_MERCHANT;
    const signer = new RemoteSigner(() => {
      throw new Error(`cannot sign appid=wx1&mch_id=1&key=${key}`);
    });

    const error = await failureOf(WxPayTransportError, sandbox.ordersWith({ signer }).query(ref));

    expect(error.message).toContain('(cannot sign appid=wx1&mch_id=1&key=[secret])');
    expect([inspect(error, { showHidden: true, depth: 9 }), JSON.stringify(error)].join()).not.toContain(key);
  });

  it('keeps an error of this package', async () => {
    const fault = new WxPayConfigError(['No key is configured.']);
    const signer = new RemoteSigner(() => {
      throw fault;
    });

    await expect(sandbox.ordersWith({ signer }).query(ref)).rejects.toBe(fault);
  });

  it.each([undefined, '', Buffer.from('00')])('ends if the signer returns %j', async (signature) => {
    class FaultySigner extends RemoteSigner {
      override async sign(): Promise<string> {
        return signature as string;
      }
    }

    const querying = sandbox.ordersWith({ signer: new FaultySigner(() => undefined) }).query(ref);

    await expect(querying).rejects.toThrow(
      'The signer failed during order.query of order T1 (it did not return a string).',
    );
  });

  it('sends nothing', async () => {
    const signer = new RemoteSigner(() => Promise.reject(new Error('no')));
    const before = sandbox.server.requests.length;

    await failureOf(WxPayTransportError, sandbox.ordersWith({ signer }).close(ref));

    expect(sandbox.server.requests).toHaveLength(before);
  });
});

describe('a call over APIv2, with a reply that is too large', () => {
  it('drops 100 MB as soon as the limit is passed', async () => {
    const written = new Promise<number>((resolve) => {
      sandbox.server.next((response) => void stream(response, 100 * MEGABYTE).then(resolve));
    });

    const error = await failureOf(WxPayTransportError, sandbox.orders.query(ref));

    expect(error.message).toContain(`is larger than ${MEGABYTE} bytes, so it was dropped.`);
    // What lay in the buffers of both sockets comes on top.
    expect(await written).toBeLessThan(20 * MEGABYTE);
  });

  it('drops it after decompression as well', async () => {
    const bomb = gzipSync(Buffer.alloc(20 * MEGABYTE, 'a'));
    sandbox.server.next((response) => void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb));

    const error = await failureOf(WxPayTransportError, sandbox.orders.query(ref));

    expect(bomb.length).toBeLessThan(MEGABYTE);
    expect(error.message).toContain(`is larger than ${MEGABYTE} bytes, so it was dropped.`);
  });
});

describe('a call over APIv2, to an unreachable host', () => {
  it('names the host', async () => {
    const orders = sandbox.ordersWith({ hosts: ['http://127.0.0.1:1'] });

    const error = await failureOf(WxPayTransportError, orders.query(ref));

    expect(error.message).toContain(
      'WeChat Pay could not be reached at 127.0.0.1:1 for order.query of order T1',
    );
    expect(error).toMatchObject({ timedOut: false, retryable: true });
  });
});

/** Writes at the pace of the reader, until all is written or nobody reads. */
async function stream(response: ServerResponse, bytes: number): Promise<number> {
  const chunk = Buffer.alloc(65_536, 'a');
  const closed = once(response, 'close');
  response.writeHead(200).write('<xml><attach>');
  let written = 0;
  for (; written < bytes && !response.destroyed; written += chunk.length) {
    if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed]);
  }
  response.end();
  return written;
}
