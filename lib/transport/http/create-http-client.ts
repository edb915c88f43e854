import { AxiosHttpClient, type WxPayHttpService } from './axios-http-client.js';
import type { HttpClient } from './http-client.js';
import { NodeHttpClient, type NodeHttpClientOptions } from './node-http-client.js';

export interface HttpClientOptions extends NodeHttpClientOptions {
  /** The client of the app, used instead of our own. */
  readonly httpService?: WxPayHttpService;
}

/** Creates the HTTP client of a merchant: one over `node:https`, unless the app passes an `HttpService`. */
export function createHttpClient({ httpService, ...options }: HttpClientOptions): HttpClient {
  return httpService === undefined ? new NodeHttpClient(options) : new AxiosHttpClient(httpService);
}
