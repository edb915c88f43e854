import { afterAll, beforeAll } from '@jest/globals';
import { failoverDefaults } from '../../../lib/transport/defaults.js';
import { HostHealth } from '../../../lib/transport/retry/host-health.js';
import { NodeHttpClient } from '../../../lib/transport/http/node-http-client.js';
import { Transport } from '../../../lib/transport/transport.js';
import { AcceptedV2Replies } from '../../../lib/v2/accepted-replies.js';
import { V2Authenticator } from '../../../lib/v2/authenticator.js';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import type { WxPayV2Signer } from '../../../lib/v2/signing/signer.js';
import { V2OrderApi } from '../../../lib/v2/apis/v2-order-api.js';
import { V2Pipeline } from '../../../lib/v2/pipeline.js';
import { startV2Server, V2_MERCHANT, type V2Server } from '../servers/v2-server.js';

/** What a test may want otherwise. */
export interface V2GatewayOverrides {
  readonly signer?: WxPayV2Signer;
  readonly mchid?: string;
  readonly appid?: string;
  readonly hosts?: readonly string[];
  readonly now?: () => number;
  readonly timeoutMs?: number;
  readonly maxReplyBytes?: number;
  /** Default 1: what a test expects is the verdict of a single attempt. */
  readonly maxAttempts?: number;
}

/** An APIv2 server and a gateway that talks to it, alive for the tests of one file. */
export interface V2Sandbox {
  readonly server: V2Server;
  readonly orders: V2OrderApi;
  ordersWith(overrides: V2GatewayOverrides): V2OrderApi;
  /** A pipeline to the server, for what is no query and no close. */
  readonly pipeline: V2Pipeline;
}

/** Starts a server before the tests of a file and ends everything after them. */
export function useV2Sandbox(): V2Sandbox {
  const httpClient = new NodeHttpClient({ maxSockets: 8 });
  const accepted = new AcceptedV2Replies();
  let server: V2Server;
  let orders: V2OrderApi;

  const pipelineWith = ({
    signer = new HmacSha256Signer({ key: V2_MERCHANT.key }),
    mchid = V2_MERCHANT.mchid,
    appid = V2_MERCHANT.appid,
    hosts = [server.url],
    now = Date.now,
    timeoutMs = 5_000,
    maxReplyBytes = 1_048_576,
    maxAttempts = 1,
  }: V2GatewayOverrides) =>
    new V2Pipeline({
      merchant: 'default',
      mchid,
      authenticator: new V2Authenticator({
        mchid,
        appid,
        signer,
        nonce: () => crypto.randomUUID().replaceAll('-', ''),
      }),
      transport: new Transport({
        api: 'v2',
        httpClient,
        hosts,
        health: new HostHealth(),
        timeoutMs,
        ...failoverDefaults(timeoutMs),
        maxAttempts,
        maxInFlight: 8,
        maxReplyBytes,
        userAgent: 'test',
      }),
      now,
      accepted,
    });
  const ordersWith = (overrides: V2GatewayOverrides) => {
    const { hosts = [server.url], timeoutMs = 5_000 } = overrides;
    const terms = { merchant: 'default', hosts, timeoutMs, minOrderAgeMs: 300_000 };
    return new V2OrderApi(pipelineWith(overrides), terms);
  };

  beforeAll(async () => {
    server = await startV2Server();
    orders = ordersWith({});
  });
  afterAll(() => {
    server.stop();
    httpClient.close();
  });

  return {
    get server() {
      return server;
    },
    get orders() {
      return orders;
    },
    ordersWith,
    get pipeline() {
      return pipelineWith({});
    },
  };
}
