import { HttpService } from '@nestjs/axios';
import type { AxiosResponse } from 'axios';
import { describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import {
  WxPayApiError,
  WxPayInputError,
  WxPayMerchants,
  WxPaySignatureError,
  WxPayTransportError,
  type WxPayUpload,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { appHttpService } from '../../support/harness/http-clients.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const PATH = '/v3/merchant/media/upload';
const content = randomBytes(100_000);
const file = { name: '营业执照.jpg', content };

const { httpService, close } = appHttpService();

/** Replies to every later request with the reply to the first one. */
function repeatingHttp(): HttpService {
  const repeating = new HttpService(new HttpService().axiosRef.create());
  let kept: AxiosResponse | undefined;
  repeating.axiosRef.interceptors.response.use((reply) => (kept ??= reply));
  return repeating;
}

describe('WxPayClient.upload', () => {
  it.each([
    ['the client of the package', {}],
    ['the httpService of an app', { httpService }],
  ])('sends a file that WeChat Pay takes, over %s', async (_, overrides) => {
    const { client } = sandbox.merchantWith(overrides);

    const { media_id } = await client.upload<{ media_id: string }>({ path: PATH, file });

    expect(media_id).toMatch(/^[\w-]{64}$/);
    expect(sandbox.gateway.requests.at(-1)).toMatchObject({ operation: 'upload', status: 200 });
    close();
  });

  it('sends the meta of the caller, with the digest', async () => {
    await sandbox.merchant.client.upload({ path: PATH, file, meta: { note: 'a' } });

    const sha256 = createHash('sha256').update(content).digest('hex');
    expect(sandbox.gateway.requests.at(-1)?.body).toContain(
      JSON.stringify({ filename: file.name, sha256, note: 'a' }),
    );
  });

  it('lets the caller give the digest, which WeChat Pay checks', async () => {
    const upload = { path: PATH, file, meta: { sha256: 'wrong' } };

    const error = await failureOf(WxPayApiError, sandbox.merchant.client.upload(upload));

    expect(error).toMatchObject({ code: 'INVALID_REQUEST', operation: 'upload' });
  });

  it('sends a file once, and says that WeChat Pay may have it', async () => {
    const before = sandbox.gateway.requests.length;
    sandbox.gateway.next({ fault: 'reset' });

    const uploading = sandbox.merchant.client.upload({ path: PATH, file });

    await expect(failureOf(WxPayTransportError, uploading)).resolves.toMatchObject({ outcomeUnknown: true });
    expect(sandbox.gateway.requests).toHaveLength(before + 1);
  });

  it('does not accept the reply to another upload, whose media_id names another file', async () => {
    const { client } = sandbox.merchantWith({ httpService: repeatingHttp() });
    await client.upload({ path: PATH, file });
    const another = { name: 'another.jpg', content: randomBytes(10) };

    const error = await failureOf(WxPaySignatureError, client.upload({ path: PATH, file: another }));

    expect(error).toMatchObject({ reason: 'stale', outcomeUnknown: true });
  });

  it.each([
    ['path', { path: '/pay/x' }],
    ['path', { path: '/v3/../x' }],
    ['file.name', { file: { name: '', content } }],
    ['file.name', { file: { name: 'a"b.jpg', content } }],
    ['file.name', { file: { name: 'a\r\nb.jpg', content } }],
    ['file.name', { file: { name: '../a.jpg', content } }],
    ['file.name', { file: undefined }],
    ['file.content', { file: { name: 'a.jpg', content: 'text' } }],
    ['file.content', { file: { name: 'a.jpg', content: Buffer.alloc(0) } }],
    ['meta', { meta: [] }],
    ['meta', { meta: { a: undefined } }],
    ['meta', { meta: new Map() }],
  ])('refuses a faulty %s before anything is sent', async (field, faulty) => {
    const before = sandbox.gateway.requests.length;
    const upload = { path: PATH, file, ...faulty } as WxPayUpload;

    const error = await failureOf(WxPayInputError, sandbox.merchant.client.upload(upload));

    expect(error.field).toBe(field);
    expect(sandbox.gateway.requests).toHaveLength(before);
  });
});

describe('a merchant of APIv2', () => {
  it('says that files need APIv3', async () => {
    const merchants = new WxPayMerchants();
    const { client } = merchants.register('v2', sandbox.gateway.optionsV2());

    await expect(client.upload({ path: PATH, file })).rejects.toThrow(/over APIv3 only/);
    await expect(client.download({ url: sandbox.gateway.url })).rejects.toThrow(/over APIv3 only/);
    await merchants.onModuleDestroy();
  });
});
