import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PlatformCertificateVerifier } from 'nestjs-wxpay';
import { CertificateServer } from '../../support/servers/certificate-server.js';
import { startNotificationApp, type NotificationApp } from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { createPlatformKey, type PlatformKey } from '../../support/fixtures/platform-keys.js';
import {
  PAID_ORDER,
  signNotification,
  type SignedNotification,
} from '../../support/signing/signed-notification.js';

let key: PlatformKey;
let newerKey: PlatformKey;
let server: CertificateServer;
let verifier: PlatformCertificateVerifier;
let logger: NotificationLog;
let app: NotificationApp;

beforeAll(async () => {
  [key, newerKey] = await Promise.all([createPlatformKey(), createPlatformKey()]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  logger = new NotificationLog();
  const { mchid, signer, apiV3Key, ...others } = server.options();
  verifier = new PlatformCertificateVerifier({ mchid, signer, apiV3Key, ...others });
  app = await startNotificationApp({
    adapter: 'Express',
    merchants: [{ mchid, signer, apiV3Key, verifier }],
    app: { logger },
  });
});
afterEach(async () => {
  await app.close();
  server.stop();
});

const signedWith = ({ privatePem, serialNo }: PlatformKey): SignedNotification =>
  signNotification(
    { platformPrivateKey: privatePem, serialNo, apiV3Key: server.apiV3Key },
    { resource: { ...PAID_ORDER, mchid: server.mchid } },
  );

describe('@VerifyNotification(), with platform certificates', () => {
  it('accepts a notification after downloading the certificate for it', async () => {
    const answer = await app.send(signedWith(key));

    expect(answer.status).toBe(204);
  });

  it('refuses a notification if WeChat Pay does not list the certificate', async () => {
    const answer = await app.send(signedWith(newerKey));

    expect(answer.status).toBe(401);
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: .* signed with a key that is not configured/),
    ]);
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      'is refused',
      () => (server.refusal = { status: 503, body: '{"code":"SYSTEM_ERROR"}' }),
      /WeChat Pay refused certificates\.download .*SYSTEM_ERROR/,
    ],
    [
      'cannot be verified',
      () => (server.changeHeaders = (headers) => ({ ...headers, 'Wechatpay-Signature': 'AAAA' })),
      /The reply to certificates\.download .*could not be verified: its signature does not match/,
    ],
    [
      'does not arrive',
      () => server.stop(),
      /could not be reached at 127\.0\.0\.1:\d+ for certificates\.download/,
    ],
  ])('answers 503 if the download of the certificates %s, and logs it', async (_, fail, cause) => {
    await fail();

    const answer = await app.send(signedWith(key));

    expect(answer.status).toBe(503);
    expect(logger.lines).toEqual([expect.stringMatching(/^error: \[default\] /)]);
    expect(logger.lines[0]).toMatch(cause);
  });

  it('answers 503 if the list could not be refreshed, and logs the reason', async () => {
    await verifier.acceptedSerialNo();
    server.refusal = { status: 503, body: '{"code":"SYSTEM_ERROR"}' };

    const answer = await app.send(signedWith(newerKey));

    expect(answer.status).toBe(503);
    expect(logger.lines).toEqual([
      expect.stringMatching(
        /^error: .* could not be checked, .*the list could not be refreshed: WeChat Pay refused certificates\.download/,
      ),
    ]);
  });
});
