import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxiosResponse } from 'axios';
import { buffer } from 'node:stream/consumers';
import { AxiosHttpClient } from '../../../../lib/transport/http/axios-http-client.js';
import { exchange } from '../../../support/harness/exchange.js';
import { appHttpService } from '../../../support/harness/http-clients.js';
import { startRawServer, type RawServer } from '../../../support/servers/raw-server.js';

const BODY = Buffer.from('{"trade_state":"SUCCESS"}');
let server: RawServer;
const closing: (() => void)[] = [];

beforeAll(async () => {
  server = await startRawServer();
  server.answer((response) => void response.writeHead(200, { 'Request-ID': 'R1' }).end(BODY));
});
afterAll(() => {
  for (const close of closing) close();
  server.stop();
});

/** A request through an interceptor of the app that changes its response. */
function requestThrough(intercept: (response: AxiosResponse) => unknown) {
  const { httpService, close } = appHttpService();
  closing.push(close);
  httpService.axiosRef.interceptors.response.use(intercept as () => AxiosResponse);
  const request = { host: server.url, method: 'GET', path: '/', headers: {}, body: '', maxReplyBytes: 100 };
  return { client: new AxiosHttpClient(httpService), request, httpService };
}

function send(intercept: (response: AxiosResponse) => unknown) {
  const { client, request } = requestThrough(intercept);
  return client.send(request, exchange());
}

function open(intercept: (response: AxiosResponse) => unknown) {
  const { client, request } = requestThrough(intercept);
  return client.open(request, exchange());
}

const asArrayBuffer = ({ data }: AxiosResponse<Buffer>) => Uint8Array.from(data).buffer;

describe('AxiosHttpClient', () => {
  it.each<[name: string, intercept: (response: AxiosResponse) => unknown, body: Buffer]>([
    ['a Buffer', (response) => response, BODY],
    ['an ArrayBuffer', (response) => ({ ...response, data: asArrayBuffer(response) }), BODY],
    ['no body', (response) => ({ ...response, data: undefined }), Buffer.alloc(0)],
  ])('reads %s as the bytes of a reply', async (_, intercept, body) => {
    const reply = await send(intercept);

    expect(reply).toMatchObject({ status: 200, body });
    expect(reply.headers.get('request-id')).toBe('R1');
  });

  it('opens a reply that is larger than the default of the app', async () => {
    const { client, request, httpService } = requestThrough((response) => response);
    httpService.axiosRef.defaults.maxContentLength = 1;

    const reply = await client.open(request, exchange());

    expect(await buffer(reply.body)).toEqual(BODY);
  });

  it.each<[name: string, intercept: (response: AxiosResponse) => unknown]>([
    ['without a status', (response) => ({ ...response, status: undefined })],
    ['without headers', (response) => ({ ...response, headers: undefined })],
    ['with a text for the body', (response) => ({ ...response, data: 'text' })],
    ['that is undefined', () => undefined],
  ])('refuses a response %s', async (_, intercept) => {
    await expect(send(intercept)).rejects.toMatchObject({ fault: 'not-a-response' });
    await expect(open(intercept)).rejects.toMatchObject({ fault: 'not-a-response' });
  });

  it.each([
    ['no reason', undefined],
    ['a reason without a message', { message: 1 }],
  ])('reports an interceptor that fails with %s', async (_, reason) => {
    await expect(send(() => Promise.reject(reason))).rejects.toMatchObject({ fault: 'unreachable' });
  });
});
