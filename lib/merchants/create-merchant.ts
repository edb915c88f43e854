import type { HttpService } from '@nestjs/axios';
import { createHttpClient, type HttpClient } from '../transport/http-client.js';
import { Transport } from '../transport/transport.js';
import { createV2Apis, createV3Apis } from './create-apis.js';
import { WxPayMerchant } from './merchant.js';
import type { ResolvedOptions } from './resolve-options.js';
import type { ContainerState } from './container-state.js';

const now = (): number => Date.now();

/** Builds a merchant and all that it needs: the one place where the parts of this package are put together. */
export function createMerchant(
  name: string,
  options: ResolvedOptions,
  { healths, closing, ...shared }: ContainerState,
): WxPayMerchant {
  const { httpService, close } = httpClientOf(options);
  const transport = new Transport({ ...options, httpService, health: healths.for(options) });
  const parts = { transport, now, ...shared };
  return new WxPayMerchant({
    name,
    mchid: options.mchid,
    api: options.api,
    apis: options.api === 'v2' ? createV2Apis(name, options, parts) : createV3Apis(name, options, parts),
    now,
    closing: closing.signal,
    async close() {
      await transport.drain();
      close();
    },
  });
}

function httpClientOf(options: ResolvedOptions): HttpClient {
  if (options.httpService !== undefined) return borrowed(options.httpService);
  return createHttpClient({
    maxSockets: options.maxInFlight,
    clientCertificate: options.api === 'v2' ? options.clientCertificate : undefined,
  });
}

/** The app closes what the app brought. */
function borrowed(httpService: HttpService): HttpClient {
  return { httpService, close: () => undefined };
}
