import type { Agent } from 'node:http';

/** Agent of the app, by members that the agents of all proxy packages have, even those that do not extend the class of Node. */
export type AppAgent = Pick<Agent, 'destroy' | 'maxSockets'>;

/** Fault of an agent beside an `httpService`. */
export const HTTPS_AGENT_UNUSED = 'httpsAgent must go into your httpService, whose agents are used.';

/** Returns the fault of an `httpsAgent` option, to follow its name; undefined if there is none. */
export function httpsAgentFault(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const { addRequest, options } = (value ?? {}) as {
    readonly addRequest?: unknown;
    readonly options?: { readonly rejectUnauthorized?: unknown };
  };
  if (typeof addRequest !== 'function') {
    return 'must be an agent of node:https, or one that extends it, such as an HttpsProxyAgent.';
  }
  // The options of an agent take precedence over those of a request.
  return options?.rejectUnauthorized === false
    ? 'must verify the hosts: take rejectUnauthorized: false out of its options, and pass the certificate of a test server as ca.'
    : undefined;
}
