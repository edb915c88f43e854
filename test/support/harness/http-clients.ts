import { HttpService } from '@nestjs/axios';
import { Agent } from 'node:http';
import { AxiosHttpClient } from '../../../lib/transport/http/axios-http-client.js';
import type { HttpClient } from '../../../lib/transport/http/http-client.js';
import { NodeHttpClient } from '../../../lib/transport/http/node-http-client.js';

/** The client of this package. */
export const ownHttpClient = (): NodeHttpClient => new NodeHttpClient({ maxSockets: 8 });

/** The two ways to the wire: the client of this package, and the `HttpService` of an app. */
export const HTTP_CLIENTS: readonly (readonly [name: string, create: () => HttpClient])[] = [
  ['the client of its own', ownHttpClient],
  ['the httpService of an app', axiosHttpClient],
];

/** The `HttpService` of an app, with the adapter that axios brings. */
export function axiosHttpClient(): HttpClient {
  const { httpService, close } = appHttpService();
  const client = new AxiosHttpClient(httpService);
  return {
    send: (request, exchange) => client.send(request, exchange),
    open: (request, exchange) => client.open(request, exchange),
    close,
  };
}

/** An `HttpService` as an app makes it. */
export function appHttpService(): { readonly httpService: HttpService; readonly close: () => void } {
  const httpAgent = new Agent({ keepAlive: true });
  const axiosRef = new HttpService().axiosRef.create({ httpAgent, proxy: false });
  return { httpService: new HttpService(axiosRef), close: () => httpAgent.destroy() };
}
