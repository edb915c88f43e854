import { createTransport } from '../transport/create-transport.js';
import { createV2Apis, createV3Apis } from './create-apis.js';
import { WxPayMerchant } from './merchant.js';
import type { ResolvedOptions } from './resolve-options.js';
import type { ContainerState } from './container-state.js';

const now = (): number => Date.now();

/** Creates a merchant with its transport and its APIs. Only this function connects the parts of the package. */
export function createMerchant(
  name: string,
  options: ResolvedOptions,
  { healths, closing, ...shared }: ContainerState,
): WxPayMerchant {
  const { transport, closeConnections } = createTransport({
    ...options,
    clientCertificate: options.api === 'v2' ? options.clientCertificate : undefined,
    health: healths.for(options),
  });
  const parts = { transport, now, ...shared };
  return new WxPayMerchant({
    name,
    mchid: options.mchid,
    api: options.api,
    internals: {
      ...(options.api === 'v2' ? createV2Apis(name, options, parts) : createV3Apis(name, options, parts)),
      now,
      closing: () => closing.signal,
      async close() {
        await transport.drain();
        closeConnections();
      },
    },
  });
}
