import { beforeAll, describe, expect, it } from '@jest/globals';
import { ForbiddenException, Controller, Module, Post, type Type } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import {
  Notification,
  VerifyNotification,
  WxPayConfigError,
  WxPayMerchants,
  WxPayModule,
  type WxPayNotification,
} from 'nestjs-wxpay';
import {
  readXml,
  startNotificationApp,
  type NotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { LEGACY, merchantOf, SHOP_KEYS, toLegacy } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const SHOP = merchantOf(SHOP_KEYS);

function start(options: Partial<NotificationAppOptions>): Promise<NotificationApp> {
  return startNotificationApp({ adapter: 'Express', merchants: [SHOP], ...options });
}

describe('@VerifyNotification() in an app', () => {
  it('does not start if its merchant has no APIv3 key, and names the option', async () => {
    const { apiV3Key: _, ...keyless } = SHOP;

    const starting = start({ merchants: [keyless] });

    await expect(starting).rejects.toThrow(WxPayConfigError);
    await expect(starting).rejects.toThrow(
      'WeChat Pay merchant "default": Notifications are encrypted with the APIv3 key: set the option apiV3Key (WXPAY_API_V3_KEY) to the one in the merchant console.',
    );
  });

  it('starts before its merchant is registered, and logs if it never is', async () => {
    const logger = new NotificationLog();
    await using app = await start({ verify: { merchant: 'later' }, app: { logger } });

    const early = await app.send(signNotification(SHOP_KEYS));
    app.nest.get(WxPayMerchants).register('later', SHOP);
    const late = await app.send(signNotification(SHOP_KEYS));

    expect([early.status, late.status]).toEqual([500, 204]);
    expect(early.body).not.toContain('later');
    expect(logger.lines).toEqual([
      expect.stringMatching(/^error: \[later\] No WeChat Pay merchant is registered as "later"\./),
    ]);
  });

  it('lets Nest name the missing module if WxPayModule is not imported', async () => {
    class Notifications {
      receive(): void {}
    }
    Reflect.decorate(
      [VerifyNotification(), Post()],
      Notifications.prototype,
      'receive',
      Object.getOwnPropertyDescriptor(Notifications.prototype, 'receive'),
    );
    Controller()(Notifications);

    const starting = start({ merchants: [], controllers: [Notifications] });

    await expect(starting).rejects.toThrow(
      /VerifyNotificationGuard \(\?, .*WxPayMerchants at index \[0\] is available in the ShopModule/s,
    );
  });

  it('works in a module that does not import a global WxPayModule', async () => {
    const nest = await NestFactory.create(globalApp(), { logger: false, abortOnError: false, rawBody: true });
    await nest.listen(0, '127.0.0.1');
    const { headers, body } = signNotification(SHOP_KEYS);

    const reply = await fetch(`${await nest.getUrl()}/notify`, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
    });
    await nest.close();

    expect(reply.status).toBe(204);
  });

  it('explains on Fastify what XML needs, before the first notification', async () => {
    const logger = new NotificationLog();

    await (await start({ adapter: 'Fastify', merchants: [LEGACY], app: { logger } })).close();

    expect(logger.lines).toEqual([
      expect.stringMatching(
        /^warn: \[default\] Fastify answers 415 to the XML of APIv2, unless a parser .* takes it\. Call app\.useBodyParser\(/,
      ),
    ]);
  });
});

describe('@VerifyNotification() after a guard of the app', () => {
  it('logs a refusal by the guard as a warning', async () => {
    const guard = { canActivate: () => Promise.reject(new ForbiddenException('Not from here.')) };
    const logger = new NotificationLog();
    await using app = await start({ app: { logger }, providers: [{ provide: APP_GUARD, useValue: guard }] });

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer.status).toBe(403);
    expect(logger.lines).toEqual([
      'warn: A notification was refused before it could be verified: Not from here.',
    ]);
  });
});

describe('@VerifyNotification() on a class', () => {
  const seen: string[] = [];
  let controllers: Type[];

  beforeAll(() => {
    @Controller()
    @VerifyNotification()
    class NotificationsController {
      @Post('notify')
      ofShop(@Notification() { id }: WxPayNotification): void {
        seen.push(`shop ${id}`);
      }

      @Post('notify/legacy')
      @VerifyNotification({ merchant: 'legacy' })
      ofLegacy(@Notification() { id }: WxPayNotification): void {
        seen.push(`legacy ${id}`);
      }
    }
    controllers = [NotificationsController];
  });

  it('verifies the notifications of each of its methods, unless a method has its own', async () => {
    await using app = await start({
      controllers,
      merchants: [SHOP, { ...LEGACY, name: 'legacy' }],
      configure: (nest) => readXml(nest, 'Express'),
    });

    const answers = [
      await app.send(signNotification(SHOP_KEYS)),
      await app.send(toLegacy(), 'notify/legacy'),
      await app.send(signNotification(SHOP_KEYS), 'notify/legacy'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 200, 400]);
    expect(seen).toEqual(['shop EV-2018022511223320873', 'legacy 1004400740201409030005092168']);
  });
});

describe('@Notification()', () => {
  it('throws without @VerifyNotification(), as nothing was verified', async () => {
    const seen: unknown[] = [];
    @Controller()
    class CarelessController {
      @Post('notify')
      receive(@Notification() notification: unknown): void {
        seen.push(notification);
      }
    }
    await using app = await start({ controllers: [CarelessController] });

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer.status).toBe(500);
    expect(seen).toEqual([]);
  });
});

function globalApp(): Type {
  @Controller()
  class NotificationsController {
    @Post('notify')
    @VerifyNotification()
    receive(): void {}
  }
  @Module({ controllers: [NotificationsController] })
  class NotificationsModule {}
  @Module({ imports: [WxPayModule.forRoot({ ...SHOP, isGlobal: true }), NotificationsModule] })
  class AppModule {}
  return AppModule;
}
