import type { WxPayHttpService } from './http/axios-http-client.js';
import type { ClientCertificate } from './http/client-certificate.js';
import { createHttpClient } from './http/create-http-client.js';
import type { AppAgent } from './http/https-agent.js';
import { Transport, type TransportOptions } from './transport.js';

export interface CreateTransportOptions extends Omit<TransportOptions, 'httpClient'> {
  /** The HTTP client of the app, used instead of our own. */
  readonly httpService?: WxPayHttpService;
  /** Agent of the app for our own HTTP client. */
  readonly httpsAgent?: AppAgent;
  /** Certificate of the merchant, presented to hosts that ask for one. */
  readonly clientCertificate?: ClientCertificate;
}

/** Creates a transport with an HTTP client of its own; `closeConnections` closes the connections of that client. */
export function createTransport({
  httpService,
  httpsAgent,
  clientCertificate,
  ...options
}: CreateTransportOptions): {
  readonly transport: Transport;
  readonly closeConnections: () => void;
} {
  const httpClient = createHttpClient({
    httpService,
    httpsAgent,
    clientCertificate,
    maxSockets: options.maxInFlight,
  });
  return {
    transport: new Transport({ ...options, httpClient }),
    closeConnections: () => httpClient.close(),
  };
}
