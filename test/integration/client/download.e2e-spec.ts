import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import {
  WxPayApiError,
  WxPayProtocolError,
  WxPayTransportError,
  type WxPayClient,
  type WxPayDownload,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { temporaryFiles } from '../../support/fixtures/temporary-files.js';
import { appHttpService } from '../../support/harness/http-clients.js';
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

const { httpService, close } = appHttpService();
afterAll(close);

describe.each([
  ['the client of the package', {}],
  ['the httpService of an app', { httpService }],
])('WxPayClient.download over %s', (_, overrides) => {
  let client: WxPayClient;
  beforeAll(() => {
    ({ client } = merchantOf(overrides));
  });
  afterEach(() => {
    expect(temporaryFiles()).toEqual([]);
  });

  it.each([
    ['as it is', CONTENT, {}],
    ['from gzip', gzipSync(CONTENT), {}],
    ['what a proxy compressed', gzipSync(CONTENT), { 'Content-Encoding': 'gzip' }],
    ['what a proxy compressed in another way', brotliCompressSync(CONTENT), { 'Content-Encoding': 'br' }],
  ])('stores the file %s, and removes it when it is disposed of', async (_case, body, headers) => {
    server.answer((response) => response.writeHead(200, headers).end(body));

    const file = await download(client, { gunzip: true, sha1: SHA1.toUpperCase() });

    expect(await readFile(file.path)).toEqual(CONTENT);
    expect(file.size).toBe(CONTENT.length);
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    await file[Symbol.asyncDispose]();
    expect(temporaryFiles()).toEqual([]);
  });

  it('signs the request as it is sent, and reads no signature', async () => {
    const requests: unknown[] = [];
    server.answer((response, { url, headers }) => {
      requests.push({ url, accept: headers.accept, scheme: headers.authorization?.split(' ')[0] });
      response.end(CONTENT);
    });

    const file = await download(client);
    await file[Symbol.asyncDispose]();

    expect(requests).toEqual([
      { url: PATH, accept: 'application/json', scheme: 'WECHATPAY2-SHA256-RSA2048' },
    ]);
  });

  it('stores bytes that come one by one', async () => {
    const gzip = gzipSync(CONTENT);
    server.answer((response) => {
      void (async () => {
        for (const byte of gzip) {
          response.write(Buffer.of(byte));
          await delay(1);
        }
        response.end();
      })();
    });

    const file = await download(client, { gunzip: true, sha1: SHA1 });

    expect(await readFile(file.path)).toEqual(CONTENT);
    await file[Symbol.asyncDispose]();
  });

  it('stores a file that is larger than any reply', async () => {
    const content = randomBytes(3 * 1024 * 1024);
    server.answer((response) => response.end(content));

    const file = await download(client, { sha1: createHash('sha1').update(content).digest('hex') });

    expect((await readFile(file.path)).equals(content)).toBe(true);
    await file[Symbol.asyncDispose]();
  });

  it('stores an empty file', async () => {
    server.answer((response) => response.end());

    const file = await download(client, { gunzip: true });

    expect(file.size).toBe(0);
    await file[Symbol.asyncDispose]();
  });

  it.each<[string, Buffer, Partial<WxPayDownload>, RegExp]>([
    ['another hash', Buffer.concat([CONTENT, Buffer.of(32)]), { sha1: SHA1 }, /does not have the SHA-1/],
    ['a gzip that is cut off', gzipSync(CONTENT).subarray(0, -9), { gunzip: true }, /cannot be decompressed/],
    ['a gzip with a wrong checksum', damaged(gzipSync(CONTENT)), { gunzip: true }, /cannot be decompressed/],
  ])('refuses %s', async (_case, body, request, message) => {
    server.answer((response) => response.end(body));

    const error = await failureOf(WxPayProtocolError, download(client, request));

    expect(error.message).toMatch(message);
  });

  it.each<[string, Buffer, Partial<WxPayDownload>]>([
    ['more bytes than allowed', CONTENT, { maxBytes: CONTENT.length - 1 }],
    ['a gzip that expands to more', gzipSync(Buffer.alloc(2_000_000)), { gunzip: true, maxBytes: 100_000 }],
  ])('stops at %s', async (_case, body, request) => {
    server.answer((response) => response.end(body));

    const error = await failureOf(WxPayTransportError, download(client, request));

    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining('maxBytes') });
  });

  it('names a connection that broke, and keeps no part', async () => {
    server.answer((response) => {
      response.writeHead(200, { 'Content-Length': 1_000 });
      response.write(CONTENT, () => response.destroy());
    });

    const error = await failureOf(WxPayTransportError, download(client));

    expect(error).toMatchObject({
      retryable: true,
      message: expect.stringContaining('did not arrive in full'),
    });
  });

  it('ends in time when the file does not', async () => {
    server.answer((response) => void response.write(CONTENT));

    const error = await failureOf(WxPayTransportError, download(client, {}, { timeoutMs: 300 }));

    expect(error).toMatchObject({
      timedOut: true,
      message: expect.stringContaining('went into downloading'),
    });
    expect(temporaryFiles()).toEqual([]);
  });

  it('ends when the caller aborts, with the reason', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    server.answer((response) => {
      response.write(CONTENT, () => void delay(20).then(() => controller.abort(reason)));
    });

    await expect(download(client, {}, { signal: controller.signal })).rejects.toBe(reason);
    expect(temporaryFiles()).toEqual([]);
  });

  it('follows no redirect', async () => {
    const before = server.requests;
    server.answer((response) => response.writeHead(302, { Location: '/v3/else' }).end());

    const error = await failureOf(WxPayTransportError, download(client));

    expect(error.message).toContain('Redirects are not followed');
    expect(server.requests).toBe(before + 1);
  });

  it('names a refusal, without the token', async () => {
    server.answer((response) =>
      response
        .writeHead(403, { 'Content-Type': 'application/json' })
        .end(JSON.stringify({ code: 'NO_AUTH', message: '下载链接已过期' })),
    );

    const error = await failureOf(WxPayApiError, download(client));

    expect(error).toMatchObject({ code: 'NO_AUTH', signed: false, operation: 'download' });
    expect(error.message).toContain('download of GET /v3/billdownload/file');
    expect(error.message).not.toContain('a-b_c');
  });

  it('refuses the page of a proxy', async () => {
    server.answer((response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>'));

    await expect(failureOf(WxPayTransportError, download(client))).resolves.toMatchObject({
      httpStatus: 200,
    });
  });
});

/** Changes the checksum at the end of a gzip. */
function damaged(gzip: Buffer): Buffer {
  const copy = Buffer.from(gzip);
  copy.writeUInt32LE((copy.readUInt32LE(copy.length - 8) ^ 1) >>> 0, copy.length - 8);
  return copy;
}
