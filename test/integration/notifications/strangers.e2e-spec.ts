import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { WxPayVerifier } from 'nestjs-wxpay';
import { ADAPTERS, readXml, startNotificationApp } from '../../support/harness/notification-app.js';
import { generateRsaKeys } from '../../support/fixtures/rsa-keys.js';
import { keysOf, LEGACY, merchantOf, toLegacy } from '../../support/harness/shop-notifications.js';
import {
  signNotification,
  signV2Notification,
  type SignedNotification,
} from '../../support/signing/signed-notification.js';

const STRANGER = generateRsaKeys().privatePem;

/** Of a key service that is down. */
class FailingVerifier extends WxPayVerifier {
  override async acceptedSerialNo() {
    return undefined;
  }
  override async verify(): Promise<boolean> {
    throw new Error('The key service is down.');
  }
}

const named = (context: ExecutionContext): string =>
  context.switchToHttp().getRequest<{ params: { merchant: string } }>().params.merchant;

describe.each(ADAPTERS)('@VerifyNotification(), with several merchants on %s', (adapter) => {
  it.each<[string, SignedNotification]>([
    ['forged', signNotification({ ...keysOf('eu'), platformPrivateKey: STRANGER })],
    ['unsigned', { headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') }],
    ['empty', { headers: {}, body: Buffer.from('') }],
    ['forged over APIv2', { ...toLegacy(), body: signV2Notification('k'.repeat(32)) }],
    ['not even XML', { headers: { 'content-type': 'text/xml' }, body: Buffer.from('<') }],
    [
      'too large',
      { headers: { 'content-type': 'application/json' }, body: Buffer.from(`{"x":"${'x'.repeat(70_000)}"}`) },
    ],
  ])('answers a request that is %s alike, whether the merchant exists or not', async (_, notification) => {
    await using app = await startNotificationApp({
      adapter,
      path: 'notify/:merchant',
      verify: { merchant: named },
      configure: (nest) => readXml(nest, adapter),
      merchants: [
        { ...merchantOf(keysOf('eu')), name: 'eu' },
        { ...LEGACY, name: 'legacy' },
        { ...merchantOf(keysOf('eu')), apiV3Key: undefined, name: 'keyless' },
        { ...merchantOf(keysOf('eu')), verifier: new FailingVerifier(), name: 'broken' },
      ],
    });
    const answerTo = async (name: string) => app.send(notification, `notify/${name}`);

    const expected = await answerTo('nobody');

    expect(expected.status).toBe(401);
    for (const name of ['eu', 'legacy', 'keyless', 'broken']) {
      expect(await answerTo(name)).toEqual(expected);
    }
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['no type', {}],
    ['the type of another API', { 'content-type': 'application/vnd.api+json' }],
    ['the type of XML, which the app does not read', { 'content-type': 'text/xml' }],
    ['the type of SOAP', { 'content-type': 'application/soap+xml' }],
    ['the type of a text', { 'content-type': 'text/plain' }],
  ])('answers a body of %s alike, whether the merchant exists or not', async (_, type) => {
    await using app = await startNotificationApp({
      adapter,
      path: 'notify/:merchant',
      verify: { merchant: named },
      merchants: [
        { ...merchantOf(keysOf('eu')), name: 'eu' },
        { ...LEGACY, name: 'legacy' },
      ],
    });

    for (const headers of [type, { ...type, 'wechatpay-signature': 'x' }]) {
      const stranger = { headers, body: Buffer.from('<xml/>') };
      const expected = await app.send(stranger, 'notify/nobody');

      expect(await app.send(stranger, 'notify/eu')).toEqual(expected);
      expect(await app.send(stranger, 'notify/legacy')).toEqual(expected);
    }
  });
});
