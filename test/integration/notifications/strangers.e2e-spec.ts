import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import {
  HmacSha256Signer,
  PlatformCertificateVerifier,
  WxPayTransportError,
  WxPayV2Signer,
  WxPayVerifier,
} from 'nestjs-wxpay';
import { ADAPTERS, readXml, startNotificationApp } from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { createPlatformKey } from '../../support/fixtures/platform-keys.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { keysOf, LEGACY, merchantOf, toLegacy } from '../../support/harness/shop-notifications.js';
import { CertificateServer, type Refusal } from '../../support/servers/certificate-server.js';
import {
  signNotification,
  signV2Notification,
  type SignedNotification,
} from '../../support/signing/signed-notification.js';

const STRANGER = rsaKeys().privatePem;

/** Of a key service that is down. */
class FailingVerifier extends WxPayVerifier {
  override async acceptedSerialNo() {
    return undefined;
  }
  override async verify(): Promise<boolean> {
    throw new Error('The key service is down.');
  }
}

/** Of a key service that cannot be reached. */
class UnreachableVerifier extends FailingVerifier {
  override async verify(): Promise<boolean> {
    throw new WxPayTransportError('The key service could not be reached.');
  }
}

/** Signs as before, but cannot decrypt the notifications of refunds. */
class SigningSigner extends WxPayV2Signer {
  readonly signType = 'HMAC-SHA256';
  readonly #signer = new HmacSha256Signer({ key: 's'.repeat(32) });
  override sign(fields: Readonly<Record<string, string>>) {
    return this.#signer.sign(fields);
  }
}

/** A message that a stranger makes for a merchant with platform certificates. */
const withHexSerial = () =>
  signNotification({ ...keysOf('eu'), serialNo: '5A'.repeat(20), platformPrivateKey: STRANGER });

const named = (context: ExecutionContext): string =>
  context.switchToHttp().getRequest<{ params: { merchant: string } }>().params.merchant;

describe.each(ADAPTERS)('@VerifyNotification(), with several merchants on %s', (adapter) => {
  it.each<[string, SignedNotification]>([
    ['forged', signNotification({ ...keysOf('eu'), platformPrivateKey: STRANGER })],
    ['unsigned', { headers: { 'content-type': 'application/json' }, body: Buffer.from('{}') }],
    ['empty', { headers: {}, body: Buffer.from('') }],
    ['forged over APIv2', { ...toLegacy(), body: signV2Notification('k'.repeat(32)) }],
    ['a refund over APIv2', { ...toLegacy(), body: Buffer.from('<xml><req_info>x</req_info></xml>') }],
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
        { ...merchantOf(keysOf('eu')), verifier: new UnreachableVerifier(), name: 'unreachable' },
        { ...LEGACY, signer: new SigningSigner(), name: 'signing', sharedMchid: true },
      ],
    });
    const answerTo = async (name: string) => app.send(notification, `notify/${name}`);

    const expected = await answerTo('nobody');

    expect(expected.status).toBe(401);
    for (const name of ['eu', 'legacy', 'keyless', 'broken', 'unreachable', 'signing']) {
      expect(await answerTo(name)).toEqual(expected);
    }
  });

  it.each<[string, { apiV3Key?: string; refusal?: Refusal }]>([
    ['whose APIv3 key is wrong', { apiV3Key: '0'.repeat(32) }],
    ['without platform certificates', { refusal: { status: 404, body: '{"code":"RESOURCE_NOT_EXISTS"}' } }],
  ])('answers a forgery to a merchant %s alike, and logs one error', async (_, { apiV3Key, refusal }) => {
    const server = await CertificateServer.start([await createPlatformKey()]);
    if (refusal !== undefined) server.refusal = refusal;
    const options = { ...server.options(), ...(apiV3Key !== undefined && { apiV3Key }) };
    const { mchid, signer } = options;
    const verifier = new PlatformCertificateVerifier(options);
    const logger = new NotificationLog();
    await using app = await startNotificationApp({
      adapter,
      path: 'notify/:merchant',
      verify: { merchant: named },
      app: { logger },
      merchants: [{ mchid, signer, apiV3Key: options.apiV3Key, verifier, name: 'eu' }],
    });

    const expected = await app.send(withHexSerial(), 'notify/nobody');
    const answers = [
      await app.send(withHexSerial(), 'notify/eu'),
      await app.send(withHexSerial(), 'notify/eu'),
    ];
    server.stop();

    expect(expected.status).toBe(401);
    expect(answers).toEqual([expected, expected]);
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: .* came for "nobody"/),
      expect.stringMatching(/^error: \[eu\] /),
      expect.stringMatching(/^warn: \[eu\] /),
    ]);
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
