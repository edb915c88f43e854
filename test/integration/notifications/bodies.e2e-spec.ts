import { describe, expect, it } from '@jest/globals';
import { type INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  ADAPTERS,
  readXml,
  type AdapterName,
  startNotificationApp,
  type NotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { LEGACY, merchantOf, SHOP_KEYS, toLegacy } from '../../support/harness/shop-notifications.js';
import { signNotification, type SignedNotification } from '../../support/signing/signed-notification.js';

const SHOP = merchantOf(SHOP_KEYS);

function start(options: Partial<NotificationAppOptions>): Promise<NotificationApp> {
  return startNotificationApp({ adapter: 'Express', merchants: [SHOP], ...options });
}

describe.each(ADAPTERS)('@VerifyNotification(), receiving a body on %s', (adapter) => {
  const send = async (options: Partial<NotificationAppOptions>, notification: SignedNotification) => {
    const logger = new NotificationLog();
    await using app = await start({ adapter, app: { logger }, ...options });
    const { status } = await app.send(notification);
    return { status, lines: logger.lines };
  };

  it('refuses an unsigned body for that, whatever its content type', async () => {
    const notification = { headers: { 'content-type': 'text/plain' }, body: Buffer.from('hello') };

    const { status, lines } = await send({ configure: readAnything(adapter) }, notification);

    expect(status).toBe(401);
    expect(lines).toEqual([expect.stringMatching(/^warn: .* it lacks Wechatpay-Timestamp, /)]);
  });

  it.each([
    ['v3', SHOP, signNotification(SHOP_KEYS), /body is text\/plain; .* of APIv3 are application\/json\.$/],
    ['v2', LEGACY, toLegacy(), /body is text\/plain; notifications of APIv2 are text\/xml\.$/],
  ] as const)(
    'names a content type that no notification of %s has',
    async (_, merchant, genuine, message) => {
      const { 'Request-ID': __, ...headers } = genuine.headers;
      const notification = { ...genuine, headers: { ...headers, 'content-type': 'text/plain' } };

      const { status, lines } = await send(
        { merchants: [merchant], configure: readAnything(adapter) },
        notification,
      );

      expect(status).toBe(400);
      expect(lines).toEqual([expect.stringMatching(/^warn: \[default\] body is /)]);
      expect(lines[0]).toMatch(message);
    },
  );

  it.each([
    ['v3', SHOP, 401, /it lacks Wechatpay-Timestamp/],
    ['v2', LEGACY, 400, /does not begin with <xml>/],
  ] as const)(
    'refuses an empty body for %s, without blaming the app',
    async (_, merchant, status, message) => {
      const configure = (nest: INestApplication) => readXml(nest, adapter);

      const answer = await send({ merchants: [merchant], configure }, { headers: {}, body: Buffer.from('') });

      expect(answer.status).toBe(status);
      expect(answer.lines).toEqual([expect.stringMatching(/^warn: /)]);
      expect(answer.lines[0]).toMatch(message);
    },
  );
});

describe('@VerifyNotification(), with a raw body', () => {
  it('prefers it to the result of a middleware', async () => {
    await using app = await start({
      merchants: [LEGACY],
      configure: (nest) => {
        readXml(nest, 'Express');
        nest.use((request: { body: unknown }, _: unknown, next: () => void) => {
          request.body = '<xml>something else</xml>';
          next();
        });
      },
    });

    expect(await app.send(toLegacy())).toMatchObject({ status: 200 });
  });

  it('accepts a string or bytes that a parser of the app left as the body', async () => {
    for (const parser of ['text', 'raw'] as const) {
      await using app = await start({
        merchants: [LEGACY],
        app: { rawBody: false },
        configure: (nest) =>
          void (nest as NestExpressApplication).useBodyParser(parser, { type: 'text/xml' }),
      });

      expect(await app.send(toLegacy())).toMatchObject({ status: 200 });
    }
  });
});

function readAnything(adapter: AdapterName): NonNullable<NotificationAppOptions['configure']> {
  return (nest) => {
    readXml(nest, adapter);
    if (adapter !== 'Fastify') return;
    const fastify = nest as NestFastifyApplication;
    fastify.getHttpAdapter().getInstance().removeContentTypeParser('text/plain');
    fastify
      .getHttpAdapter()
      .getInstance()
      .addContentTypeParser('text/plain', (_, __, done) => done(null, {}));
  };
}
