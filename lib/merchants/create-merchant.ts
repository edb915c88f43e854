import type { HttpService } from '@nestjs/axios';
import { randomUUID } from 'node:crypto';
import { createHttpClient, type HttpClient } from '../transport/http-client.js';
import { Transport } from '../transport/transport.js';
import { V3Authenticator } from '../v3/authenticator.js';
import { V3CombineGateway } from '../v3/v3-combine.gateway.js';
import { V3OrderGateway } from '../v3/v3-order.gateway.js';
import { V3Client } from '../v3/v3.client.js';
import { WxPayMerchant } from './merchant.js';
import type { ResolvedOptions } from './resolve-options.js';

const now = (): number => Date.now();
/** 32 hexadecimal characters from the cryptographic random source. */
const nonce = (): string => randomUUID().replaceAll('-', '');

/** Builds a merchant and all that it needs: the one place where the parts of this package are put together. */
export function createMerchant(name: string, options: ResolvedOptions): WxPayMerchant {
  const { mchid, signer, verifier, timeoutMs } = options;
  const { httpService, close } =
    options.httpService === undefined ? createHttpClient() : borrowed(options.httpService);
  const transport = new Transport({ ...options, httpService });
  const authenticator = new V3Authenticator({ mchid, signer, verifier, now, nonce });
  const client = new V3Client({ merchant: name, mchid, transport, authenticator, now });
  return new WxPayMerchant({
    name,
    mchid,
    api: 'v3',
    orders: new V3OrderGateway(client, timeoutMs),
    combine: new V3CombineGateway(client, timeoutMs),
    async close() {
      await transport.drain();
      close();
    },
  });
}

/** The app closes what the app brought. */
function borrowed(httpService: HttpService): HttpClient {
  return { httpService, close: () => undefined };
}
