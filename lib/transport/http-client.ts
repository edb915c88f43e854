import { HttpService } from '@nestjs/axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type AgentOptions } from 'node:https';
import { secureContextOptions, type ClientCertificate } from './client-certificate.js';

/** An HttpService and how to give back what it holds. */
export interface HttpClient {
  readonly httpService: HttpService;
  readonly close: () => void;
}

/** Connections to each host. */
export const MAX_SOCKETS = 64;

const AGENT_OPTIONS: AgentOptions = {
  keepAlive: true,
  scheduling: 'lifo',
  maxSockets: MAX_SOCKETS,
  // WeChat Pay drops idle connections at about 8 s; a socket closed by us first is never found dead by a request.
  timeout: 7_000,
};

/**
 * Makes an HttpService that nothing else shares: keep-alive agents of its own, no proxy from the environment, and
 * none of the defaults or interceptors that an app puts on the global axios.
 *
 * @param clientCertificate what it proves to the hosts that ask for it
 */
export function createHttpClient(clientCertificate?: ClientCertificate): HttpClient {
  const httpAgent = new HttpAgent(AGENT_OPTIONS);
  const httpsAgent = new HttpsAgent({
    ...AGENT_OPTIONS,
    // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED cannot say otherwise.
    rejectUnauthorized: true,
    ...(clientCertificate && secureContextOptions(clientCertificate)),
  });
  const instance = new HttpService().axiosRef.create();
  // A new instance starts with a copy of the global defaults: headers, credentials or a base URL that the app set
  // there are not for WeChat Pay.
  const defaults: Record<string, unknown> = instance.defaults as object as Record<string, unknown>;
  for (const name of Object.keys(defaults)) delete defaults[name];
  Object.assign(defaults, { adapter: 'http', headers: { common: {} }, httpAgent, httpsAgent, proxy: false });
  return {
    httpService: new HttpService(instance),
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}
