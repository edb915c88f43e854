import { describe, expect, it } from '@jest/globals';
import { Agent } from 'node:https';
import { httpsAgentFault } from '../../../../lib/transport/http/https-agent.js';

const NO_AGENT = 'must be an agent of node:https, or one that extends it, such as an HttpsProxyAgent.';
const UNVERIFIED =
  'must verify the hosts: take rejectUnauthorized: false out of its options, and pass the certificate of a test server as ca.';

describe('httpsAgentFault', () => {
  it.each<[name: string, value: unknown, fault: string | undefined]>([
    ['no agent', undefined, undefined],
    ['an agent', new Agent(), undefined],
    ['an agent that verifies explicitly', new Agent({ rejectUnauthorized: true }), undefined],
    ['an agent of a package, without options', { addRequest: () => undefined }, undefined],
    ['an agent that does not verify', new Agent({ rejectUnauthorized: false }), UNVERIFIED],
    ['null', null, NO_AGENT],
    ['the address of a proxy', 'http://proxy.internal:3128', NO_AGENT],
    ['the options of an agent', { options: { rejectUnauthorized: true } }, NO_AGENT],
  ])('checks %s', (_, value, fault) => {
    expect(httpsAgentFault(value)).toBe(fault);
  });
});
