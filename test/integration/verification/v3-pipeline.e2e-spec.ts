import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { WxPayApiError } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { failoverDefaults } from '../../../lib/transport/defaults.js';
import { HostHealth } from '../../../lib/transport/retry/host-health.js';
import { NodeHttpClient } from '../../../lib/transport/http/node-http-client.js';
import { Transport } from '../../../lib/transport/transport.js';
import { AcceptedReplies } from '../../../lib/v3/accepted-replies.js';
import { V3Authenticator } from '../../../lib/v3/authenticator.js';
import { queryOrder } from '../../../lib/v3/operations/query-order.js';
import { V3Pipeline } from '../../../lib/v3/pipeline.js';
import { V3ReverseApi } from '../../../lib/v3/apis/v3-reverse-api.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const MCHID = '1900000001';
const now = (): number => Date.now();

let gateway: MockWxPayGateway;
let http: NodeHttpClient;
let pipeline: V3Pipeline;

beforeAll(async () => {
  gateway = await startGateway({ ageRules: false });
  gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 }, tradeType: 'MICROPAY' });
  http = new NodeHttpClient({ maxSockets: 1 });
  const { signer, verifier } = gateway.options();
  const transport = new Transport({
    api: 'v3',
    httpClient: http,
    hosts: [gateway.url],
    health: new HostHealth(),
    timeoutMs: 5_000,
    ...failoverDefaults(5_000),
    maxInFlight: 1,
    maxReplyBytes: 10_000,
    userAgent: 'test',
  });
  const nonce = (): string => randomUUID().replaceAll('-', '');
  const authenticator = new V3Authenticator({ mchid: MCHID, signer, verifier, now, nonce });
  pipeline = new V3Pipeline({
    merchant: 'default',
    mchid: MCHID,
    transport,
    authenticator,
    now,
    accepted: new AcceptedReplies(),
  });
});
afterAll(async () => {
  http.close();
  await gateway.stop();
});

describe('V3Pipeline', () => {
  it('does not blame WeChat Pay for a defect of an operation', async () => {
    const fault = new TypeError('a fault of the decoder');
    const decode = (): never => {
      throw fault;
    };

    const calling = pipeline.execute({ ...queryOrder, decode }, { outTradeNo: 'T1' });

    await expect(calling).rejects.toBe(fault);
  });
});

describe('V3ReverseApi', () => {
  const reverse = () =>
    new V3ReverseApi({
      pipeline,
      appid: 'wx8888888888888888',
      terms: { merchant: 'default', timeoutMs: 5_000, minOrderAgeMs: 0, hosts: [] },
    }).reverse({ outTradeNo: 'T1' });

  it('names the order of a refused reversal', async () => {
    gateway.next({ status: 403, code: 'NO_AUTH' });

    const error = await failureOf(WxPayApiError, reverse());

    expect(error.message).toContain('refused order.reverse of order T1 with NO_AUTH');
  });

  it('returns recall: false', async () => {
    await expect(reverse()).resolves.toEqual({ recall: false, namesOrder: true });
  });
});
