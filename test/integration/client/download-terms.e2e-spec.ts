import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  WxPayInputError,
  WxPayTransportError,
  type WxPayClient,
  type WxPayDownload,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { temporaryFiles } from '../../support/fixtures/temporary-files.js';
import { useSandbox } from '../../support/harness/sandbox.js';
import { startRawServer, type RawServer } from '../../support/servers/raw-server.js';

const sandbox = useSandbox();
const CONTENT = Buffer.from('交易时间,商户号\r\n`2026-01-01 00:00:00,`1900000001\r\n');
const SHA1 = createHash('sha1').update(CONTENT).digest('hex');
const PATH = '/v3/billdownload/file?token=a-b_c%2F&tartype=gzip';

let server: RawServer;
beforeAll(async () => {
  server = await startRawServer();
});
afterAll(() => server.stop());

/** Merchant whose only host is the server of this file. */
function merchantOf(overrides: Parameters<typeof sandbox.merchantWith>[0] = {}): WxPayMerchant {
  return sandbox.merchantWith({ hosts: [server.url], maxAttempts: 1, ...overrides });
}

function download(client: WxPayClient, request: Partial<WxPayDownload> = {}, options = {}) {
  return client.download({ url: server.url + PATH, ...request }, options);
}

describe('WxPayClient.download', () => {
  afterEach(() => void jest.useRealTimers());

  it('is tried again after a connection that broke', async () => {
    const { client } = merchantOf({ maxAttempts: 2 });
    let requests = 0;
    server.answer((response) => {
      response.writeHead(200, { 'Content-Length': CONTENT.length });
      if (++requests === 2) response.end(CONTENT);
      else response.write(CONTENT.subarray(0, 9), () => response.destroy());
    });

    const file = await download(client, { sha1: SHA1 });

    expect([requests, temporaryFiles().length]).toEqual([2, 1]);
    await file[Symbol.asyncDispose]();
  });

  it('is not bounded by attemptTimeoutMs once the file has begun', async () => {
    const { client } = merchantOf({ attemptTimeoutMs: 100, maxAttempts: 2 });
    server.answer((response) => {
      response.write(CONTENT.subarray(0, 9));
      setTimeout(() => response.end(CONTENT.subarray(9)), 250);
    });

    const file = await download(client, { sha1: SHA1 });

    await file[Symbol.asyncDispose]();
  });

  it('arrives within five minutes, unless timeoutMs says otherwise', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
    server.answer((response) => void response.write(CONTENT));
    let isOver = false;
    const failing = failureOf(WxPayTransportError, download(merchantOf().client)).finally(() => {
      isOver = true;
    });
    while (temporaryFiles().length === 0) await setImmediate();

    await jest.advanceTimersByTimeAsync(299_000);
    expect(isOver).toBe(false);
    await jest.advanceTimersByTimeAsync(1_000);

    expect((await failing).message).toContain('within 300000 ms');
    expect(temporaryFiles()).toEqual([]);
  });

  it('saves the file elsewhere, until it is disposed of', async () => {
    const { client } = merchantOf();
    const to = join(tmpdir(), `saved-${process.pid}`);
    await writeFile(to, 'old');
    server.answer((response) => response.end(CONTENT));

    const file = await download(client);
    await file.saveTo(to);
    await file[Symbol.asyncDispose]();
    await file[Symbol.asyncDispose]();

    expect(await readFile(to)).toEqual(CONTENT);
    await expect(failureOf(WxPayInputError, file.saveTo(to))).resolves.toMatchObject({ field: 'file' });
  });

  it.each([
    ['another host', 'https://evil.example/v3/billdownload/file?token=secret'],
    ['plain http to WeChat Pay', 'http://api.mch.weixin.qq.com/v3/billdownload/file?token=secret'],
    ['another port', 'https://api.mch.weixin.qq.com:444/v3/billdownload/file?token=secret'],
    ['another server of this machine', 'http://127.0.0.1:1/v3/billdownload/file?token=secret'],
    ['a user', 'https://a:b@api.mch.weixin.qq.com/v3/billdownload/file?token=secret'],
    ['a fragment', 'https://api.mch.weixin.qq.com/v3/billdownload/file?token=secret#x'],
    ['a path that changes', 'https://api.mch.weixin.qq.com/v3/../secapi?token=secret'],
    ['no path', 'https://api.mch.weixin.qq.com'],
    ['no URL', 'v3/billdownload/file?token=secret'],
    ['nothing', undefined],
  ])('refuses a URL with %s, before anything is sent', async (_case, url) => {
    const asked = sandbox.merchant.client.download({ url: url as string });

    const error = await failureOf(WxPayInputError, asked);

    expect(error.field).toBe('url');
    expect(error.message).not.toContain('secret');
  });

  it.each([
    ['sha1', { sha1: 'abc' }],
    ['maxBytes', { maxBytes: 0 }],
    ['maxBytes', { maxBytes: 0.5 }],
    ['gunzip', { gunzip: 'yes' }],
  ])('refuses a faulty %s', async (field, request) => {
    const { client } = merchantOf();

    const error = await failureOf(WxPayInputError, download(client, request as object));

    expect(error.field).toBe(field);
  });
});
