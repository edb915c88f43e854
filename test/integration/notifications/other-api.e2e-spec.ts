import { describe, expect, it } from '@jest/globals';
import { ADAPTERS, readXml, startNotificationApp } from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { LEGACY, merchantOf, SHOP_KEYS, toLegacy } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const SHOP = merchantOf(SHOP_KEYS);
const REMEDY =
  "give such orders the notify_url of a route whose merchant has api: 'v2', or place them over APIv3.";

describe.each(ADAPTERS)(
  '@VerifyNotification() on %s, receiving a notification of the other API',
  (adapter) => {
    it('logs for APIv3 that it is XML of APIv2, and why it came', async () => {
      const logger = new NotificationLog();
      const configure = (nest: Parameters<typeof readXml>[0]) => readXml(nest, adapter);
      await using app = await startNotificationApp({
        adapter,
        merchants: [SHOP],
        app: { logger },
        configure,
      });

      const answer = await app.send(toLegacy());

      expect(answer.status).toBe(401);
      expect(app.shop.received).toEqual([]);
      expect(logger.lines).toEqual([
        `warn: [default] A notification to merchant "default" could not be verified: it is XML, a message of APIv2. Its order was placed over APIv2 with the notify_url of a merchant of APIv3: ${REMEDY}`,
      ]);
    });

    it('logs for APIv2 that it is JSON of APIv3, and why it came', async () => {
      const logger = new NotificationLog();
      const configure = (nest: Parameters<typeof readXml>[0]) => readXml(nest, adapter);
      await using app = await startNotificationApp({
        adapter,
        merchants: [LEGACY],
        app: { logger },
        configure,
      });

      const answer = await app.send(signNotification(SHOP_KEYS));

      expect(answer.status).toBe(400);
      expect(logger.lines).toEqual([
        expect.stringMatching(
          /^warn: \[default\] body is not an APIv2 notification: it is JSON, a message of APIv3\. Its order was placed over APIv3 .* api: 'v3', or place them over APIv2\. \(Request-ID /,
        ),
      ]);
    });

    it('logs for APIv2 that it is of APIv3 even if Nest parsed it and the app keeps no raw body', async () => {
      const logger = new NotificationLog();
      await using app = await startNotificationApp({
        adapter,
        merchants: [LEGACY],
        app: { logger, rawBody: false },
        configure: (nest) => readXml(nest, adapter),
      });

      const answer = await app.send(signNotification(SHOP_KEYS));

      expect(answer.status).toBe(400);
      expect(app.shop.received).toEqual([]);
      expect(logger.lines.at(-1)).toMatch(
        /not an APIv2 notification: .* message of APIv3\. Its order was placed over APIv3 .* api: 'v3', or/,
      );
    });

    it('logs it for APIv3 even if the app does not read XML', async () => {
      const logger = new NotificationLog();
      await using app = await startNotificationApp({ adapter, merchants: [SHOP], app: { logger } });

      const answer = await app.send(toLegacy());

      expect(answer.status).toBe(adapter === 'Fastify' ? 415 : 401);
      expect(logger.lines).toHaveLength(1);
      expect(logger.lines[0]).toMatch(/APIv2\b.*placed over APIv2.*api: 'v2'.*or place them over APIv3\.$/);
    });
  },
);

describe('@VerifyNotification() on Fastify, with a 415 that is not about XML', () => {
  it('logs nothing', async () => {
    const logger = new NotificationLog();
    await using app = await startNotificationApp({
      adapter: 'Fastify',
      merchants: [SHOP],
      app: { logger },
    });

    const answer = await app.send({ headers: { 'content-type': 'image/png' }, body: Buffer.from('x') });

    expect(answer.status).toBe(415);
    expect(logger.lines).toEqual([]);
  });
});
