import { describe } from '@jest/globals';
import { PAYLOAD_KINDS, testPayloads, type Ask } from '../../support/fixtures/real-payloads.js';
import { useSandbox } from '../../support/harness/sandbox.js';
import { useV2PayloadServer } from '../../support/servers/v2-payload-server.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });
const server = useV2PayloadServer();

/** Answers a call over APIv3 with a refusal; most that WeChat Pay sends are not signed. */
function askV3(isSigned: boolean): Ask {
  return ({ payload: body, options: { status = 400, operation, request } = {} }) => {
    const { gateway, merchant } = sandbox;
    // A 2xx is never accepted without a signature.
    gateway.next({ reply: { status, body, signed: isSigned || status < 300 } });
    if (request !== undefined) return merchant.client.request(request);
    const ref = { outTradeNo: 'REAL0001' };
    return operation === 'close' ? merchant.orderClose.close(ref) : merchant.orderQuery.query(ref);
  };
}

const asks: Readonly<Record<(typeof PAYLOAD_KINDS.errors)[number], Ask>> = {
  'v3.error': askV3(true),
  'v2.error': (payload) => server.ask(payload),
};

testPayloads(asks);

describe('without a signature,', () => {
  testPayloads({ 'v3.error': askV3(false) });
});
