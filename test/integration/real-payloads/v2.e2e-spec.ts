import { expect } from '@jest/globals';
import { PAYLOAD_KINDS, testPayloads, type Ask } from '../../support/fixtures/real-payloads.js';
import { useV2PayloadServer } from '../../support/servers/v2-payload-server.js';

const server = useV2PayloadServer();

const asks: Readonly<Record<(typeof PAYLOAD_KINDS.v2)[number], Ask>> = {
  'v2.query': async (payload) => {
    const order = await server.ask(payload, 'query');
    expect(order).toHaveProperty('raw', server.prepare(payload).fields);
    return order;
  },
  'v2.close': (payload) => server.ask(payload, 'close'),
  'v2.reverse': (payload) => server.ask(payload, 'reverse'),
};

testPayloads(asks);
