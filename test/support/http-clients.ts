import { HttpService } from '@nestjs/axios';
import { Agent } from 'node:http';
import { createHttpClient, type HttpClient } from '../../lib/transport/http-client.js';

/** The client of this package. */
export const ownHttpClient = (): HttpClient => createHttpClient({ maxSockets: 8 });

/** The two ways to the wire: the client of this package, and one of an app with the adapter that axios brings. */
export const HTTP_CLIENTS: readonly (readonly [name: string, create: () => HttpClient])[] = [
  ['the client of its own', ownHttpClient],
  ['the httpService of an app', stockHttpClient],
];

/** A client of an app, with the adapter that axios brings. */
export function stockHttpClient(): HttpClient {
  const httpAgent = new Agent({ keepAlive: true });
  const axiosRef = new HttpService().axiosRef.create({ httpAgent, proxy: false });
  return { httpService: new HttpService(axiosRef), close: () => httpAgent.destroy() };
}
