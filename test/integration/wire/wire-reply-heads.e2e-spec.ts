import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ServerResponse } from 'node:http';
import { WxPayMerchants, WxPayTransportError } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { axiosHttpClient, HTTP_CLIENTS, ownHttpClient } from '../../support/harness/http-clients.js';
import { GET, MAX_BYTES, useWire } from '../../support/harness/wire.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

/** Talks another protocol from here on, though nobody asked for it, and waits for the other side to do so, too. */
const switchProtocols = (response: ServerResponse) =>
  void response.socket?.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
  );
/** The same without a word of which protocol. */
const switchToNothing = (response: ServerResponse) => void response.writeHead(101).end();
/** Announces more than is accepted, and stalls before it comes. */
const announceTooMuch = (response: ServerResponse) =>
  void response.writeHead(200, { 'Content-Length': MAX_BYTES + 1 }).write('{');

describe.each(HTTP_CLIENTS)('an exchange over %s', (_, createClient) => {
  const wire = useWire(createClient);

  it('refuses HTTP 101 as a reply', async () => {
    wire.server.answer(switchToNothing);

    const error = await failureOf(WxPayTransportError, wire.send());

    expect(error).toMatchObject({ timedOut: false, httpStatus: 101, attempts: 1 });
    expect(error.message).toContain(
      `${new URL(wire.server.url).host} replied to order.query of order A1 with HTTP 101 and a page that is not WeChat Pay's`,
    );
  });

  it('accepts a reply that announces exactly the maximum size', async () => {
    const body = Buffer.alloc(MAX_BYTES, 'a');
    wire.server.answer((response) => response.writeHead(200, { 'Content-Length': MAX_BYTES }).end(body));

    await expect(wire.send()).resolves.toMatchObject({ body });
  });
});

describe('an exchange over the client of its own', () => {
  const wire = useWire(ownHttpClient);
  let backup: MockWxPayGateway;
  const merchants = new WxPayMerchants();

  beforeAll(async () => {
    backup = await startGateway();
    backup.orders.create({ outTradeNo: 'A1', amount: { total: 1 } });
  });
  afterAll(async () => {
    await merchants.onModuleDestroy();
    await backup.stop();
  });

  it.each([
    ['HTTP 101 with a protocol', switchProtocols, '(no content type, 0 bytes): no reply follows.'],
    ['a length above the largest size', announceTooMuch, `is larger than ${MAX_BYTES} bytes`],
  ])('refuses %s immediately, and closes the connection', async (_head, answer, problem) => {
    wire.server.answer(answer);

    const error = await failureOf(WxPayTransportError, wire.send());

    expect(error).toMatchObject({ timedOut: false, attempts: 1 });
    expect(error.message).toContain(problem);
    await eventually(() => expect(wire.server.sockets.size).toBe(0));
  });

  it.each([
    ['HTTP 101 with a protocol', switchProtocols],
    ['a length above the largest size', announceTooMuch],
  ])('uses the other host immediately after %s', async (head, answer) => {
    wire.server.answer(answer);
    const before = wire.server.requests;
    // Should an attempt hold on, it does so for longer than a test may take.
    const patient = { timeoutMs: 120_000, attemptTimeoutMs: 60_000, maxReplyBytes: MAX_BYTES };
    const hosts = [wire.server.url, backup.url];
    const { orderQuery } = merchants.register(head, backup.options({ hosts, ...patient }));

    await expect(orderQuery.query({ outTradeNo: 'A1' })).resolves.toMatchObject({ outTradeNo: 'A1' });

    expect(wire.server.requests).toBe(before + 1);
  });
});

// Its adapter hears of neither: there is nothing in what it reports that the transport could judge.
describe('an exchange over the httpService of an app', () => {
  const wire = useWire(axiosHttpClient);

  it.each([
    ['HTTP 101 with a protocol', switchProtocols],
    ['a length above the largest size', announceTooMuch],
  ])('waits until the time is up for %s', async (_head, answer) => {
    wire.server.answer(answer);

    const error = await failureOf(WxPayTransportError, wire.send(GET, { timeoutMs: 60 }));

    expect(error.timedOut).toBe(true);
  });
});
