import { expect, it } from '@jest/globals';
import { WXPAY_CHANNELS, WxPayTransportError, type AttemptEvent } from 'nestjs-wxpay';
import { NodeHttpClient } from '../../../lib/transport/http/node-http-client.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { recordEvents } from '../../support/harness/recorded-events.js';
import { REFUSING } from '../../support/harness/two-hosts.js';
import { GET, useWire } from '../../support/harness/wire.js';

const attempts = recordEvents<AttemptEvent>(WXPAY_CHANNELS.attempt);
const wire = useWire(() => new NodeHttpClient({ maxSockets: 1 }));

it('labels an origin outside of the hosts, such as that of a bill, as a backup host', async () => {
  await failureOf(WxPayTransportError, wire.send(GET, { origin: REFUSING }));

  expect(attempts).toMatchObject([{ host: REFUSING, isBackup: true }]);
});
