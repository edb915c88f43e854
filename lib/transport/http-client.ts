import { HttpService } from '@nestjs/axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { leanAdapter } from './lean-adapter.js';
import { secureContextOptions, type ClientCertificate } from './client-certificate.js';

/** An HttpService and how to give back what it holds. */
export interface HttpClient {
  readonly httpService: HttpService;
  /** Closes each connection as soon as it is idle; requests that are under way, and later ones, are answered. */
  readonly close: () => void;
}

const AGENT_OPTIONS: AgentOptions = {
  keepAlive: true,
  scheduling: 'lifo',
  // WeChat Pay drops idle connections at about 8 s; a socket closed by us first is never found dead by a request.
  timeout: 7_000,
};

export interface HttpClientOptions {
  /** How many connections each host gets at most. */
  readonly maxSockets: number;
  /** What it proves to the hosts that ask for it. */
  readonly clientCertificate?: ClientCertificate;
}

/**
 * Makes an HttpService that nothing else shares: keep-alive agents of its own, no proxy from the environment, and
 * none of the defaults or interceptors that an app puts on the global axios.
 */
export function createHttpClient({ maxSockets, clientCertificate }: HttpClientOptions): HttpClient {
  const agentOptions = { ...AGENT_OPTIONS, maxSockets };
  const httpAgent = new HttpAgent(agentOptions);
  const httpsAgent = new HttpsAgent({
    ...agentOptions,
    // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED cannot say otherwise.
    rejectUnauthorized: true,
    ...(clientCertificate && secureContextOptions(clientCertificate)),
  });
  const instance = new HttpService().axiosRef.create();
  // A new instance starts with a copy of the global defaults: headers, credentials or a base URL that the app set
  // there are not for WeChat Pay.
  const defaults: Record<string, unknown> = instance.defaults as object as Record<string, unknown>;
  for (const name of Object.keys(defaults)) delete defaults[name];
  Object.assign(defaults, {
    adapter: leanAdapter,
    headers: { common: {} },
    httpAgent,
    httpsAgent,
    proxy: false,
  });
  return {
    httpService: new HttpService(instance),
    close() {
      for (const agent of [httpAgent, httpsAgent]) {
        // Calls may still be on their way, or begin after this: their connections are not cut, and not kept either.
        Object.assign(agent, { keepAlive: false });
        for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy();
      }
    },
  };
}
