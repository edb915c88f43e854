import type { WxPayHttpService } from './http/axios-http-client.js';
import type { ClientCertificate } from './http/client-certificate.js';
import { createHttpClient } from './http/create-http-client.js';
import { Transport, type TransportOptions } from './transport.js';

export interface CreateTransportOptions extends Omit<TransportOptions, 'httpClient'> {
  /** The HTTP client of the app, used instead of our own. */
  readonly httpService?: WxPayHttpService;
  /** Certificate of the merchant, presented to hosts that ask for one. */
  readonly clientCertificate?: ClientCertificate;
}

/** Creates a transport with an HTTP client of its own; `closeConnections` closes the connections of that client. */
export function createTransport({ httpService, clientCertificate, ...options }: CreateTransportOptions): {
  readonly transport: Transport;
  readonly closeConnections: () => void;
} {
  const httpClient = createHttpClient({ httpService, clientCertificate, maxSockets: options.maxInFlight });
  return {
    transport: new Transport({ ...options, httpClient }),
    closeConnections: () => httpClient.close(),
  };
}
