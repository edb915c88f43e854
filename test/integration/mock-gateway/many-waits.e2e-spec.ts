import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { handSign, send } from '../../support/signing/hand-signed-request.js';
import { realProcess } from '../../support/harness/real-process.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

const ANSWERS = 12;
const warnings: string[] = [];
const listen = ({ name }: Error) => void warnings.push(name);
let gateway: MockWxPayGateway;

beforeAll(async () => {
  realProcess.on('warning', listen);
  gateway = await startGateway({ delayMs: 300 });
});
afterAll(async () => {
  realProcess.off('warning', listen);
  await gateway.stop();
});

it('MockWxPayGateway lets any number of answers wait without a warning of a leak', async () => {
  const requests = Array.from({ length: ANSWERS }, () => send(gateway, handSign(gateway)));

  const replies = await Promise.all(requests);

  expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: ANSWERS }, () => 404));
  expect(warnings).not.toContain('MaxListenersExceededWarning');
});
