import { describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  Module,
  Post,
  type INestApplication,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { VerifyNotification, WxPayModule } from 'nestjs-wxpay';
import { express, type Middleware } from '../../support/harness/express.js';
import {
  ADAPTERS,
  readXml,
  startNotificationApp,
  type NotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { LEGACY, merchantOf, SHOP_KEYS } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const SHOP = merchantOf(SHOP_KEYS);
const KEPT = express.json({ verify: (req, _res, buf) => void (req.rawBody = buf) });

/** What the log holds when the app has started. */
async function linesOf(options: Partial<NotificationAppOptions>): Promise<readonly string[]> {
  const logger = new NotificationLog();
  await using _ = await start({ ...options, app: { ...options.app, logger } });
  return logger.lines;
}

function start(options: Partial<NotificationAppOptions>): Promise<NotificationApp> {
  return startNotificationApp({ adapter: 'Express', merchants: [SHOP], ...options });
}

function use(...args: readonly [Middleware] | readonly [string, Middleware]) {
  return (app: INestApplication): void => void app.use(...args);
}

describe.each(ADAPTERS)('@VerifyNotification(), when an app on %s starts', (adapter) => {
  it.each([
    ['without rawBody', { rawBody: false }, 'The JSON parser of this app does not keep the raw body'],
    [
      'with bodyParser: false',
      { bodyParser: false },
      adapter === 'Express' ? 'No body parser of this app reads JSON' : 'The JSON parser of this app',
    ],
  ])('warns that no notification can be verified: %s', async (_, app, message) => {
    const lines = await linesOf({ adapter, app });

    expect(lines).toEqual([expect.stringContaining(`warn: [default] ${message}`)]);
    expect(lines[0]).toContain('Create the app with NestFactory.create(AppModule, { rawBody: true })');
  });

  it('does not warn with rawBody', async () => {
    expect(await linesOf({ adapter })).toEqual([]);
    expect(await linesOf({ adapter, configure: (app) => app.setGlobalPrefix('api') })).toEqual([]);
  });

  it('reads XML for a merchant of APIv2 with rawBody, and does not warn', async () => {
    const configure = (app: INestApplication): void => readXml(app, adapter);

    expect(await linesOf({ adapter, merchants: [LEGACY], configure })).toEqual([]);
  });

  it('does not warn without a route for notifications', async () => {
    const lines = await linesOf({ adapter, app: { rawBody: false }, controllers: [OtherController] });

    expect(lines).toEqual([]);
  });

  it('warns for merchants that the request names, if all have the same API', async () => {
    const verify = { merchant: () => 'default' };
    const app = { rawBody: false };

    const alike = await linesOf({ adapter, app, verify });
    const mixed = await linesOf({ adapter, app, verify, merchants: [SHOP, { ...LEGACY, name: 'legacy' }] });

    expect(alike).toEqual([expect.stringMatching(/^warn: The JSON parser/)]);
    expect(mixed).toEqual([]);
  });
});

describe('@VerifyNotification(), when an app on Express starts', () => {
  it.each([
    [
      'that keep no raw body',
      use(express.json()),
      "The JSON parser of this app does not keep the raw body, so that no notification can be verified. A parser of its own, app.use(express.json(…)), takes the place of Nest's",
    ],
    [
      'for a path, which switch off that of Nest',
      use('/other', express.json()),
      "app.use(path, express.json()) switches Nest's own JSON parser off, for all paths, so that no notification can be verified. Add app.use(json({ verify: (req, _res, buf) => { req.rawBody = buf } })) below it",
    ],
  ])('warns of parsers of the app %s', async (_, configure, message) => {
    expect(await linesOf({ configure })).toEqual([expect.stringContaining(`warn: [default] ${message}`)]);
  });

  it('warns if no parser reads XML', async () => {
    expect(await linesOf({ merchants: [LEGACY] })).toEqual([
      expect.stringMatching(
        /^warn: \[default\] No body parser of this app reads the XML of APIv2, .*useBodyParser/,
      ),
    ]);
  });

  it.each([
    ['in place of that of Nest', { rawBody: false }],
    ['beside bodyParser: false', { bodyParser: false }],
  ])('uses the raw body of a parser with verify %s', async (_, options) => {
    const logger = new NotificationLog();
    await using app = await start({ configure: use(KEPT), app: { ...options, logger } });

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer.status).toBe(204);
    expect(logger.lines).toEqual([]);
  });

  it('uses the raw body of a parser with verify below one for a path', async () => {
    const logger = new NotificationLog();
    const configure = (app: INestApplication): void => {
      app.use('/other', express.json());
      app.use(KEPT);
    };
    await using app = await start({ configure, app: { rawBody: false, logger } });

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer.status).toBe(204);
    expect(logger.lines).toEqual([]);
  });

  it.each<[what: string, configure: (app: INestApplication) => void]>([
    [
      'verify looks at the address',
      use(express.json({ verify: (req, _, buf) => void (req.url === '/notify' && (req.rawBody = buf)) })),
    ],
    ['a middleware of its own may keep the body', use((_req, _res, next) => next())],
  ])('does not warn if %s', async (_, configure) => {
    expect(await linesOf({ configure, app: { rawBody: false } })).toEqual([]);
  });

  it('does not warn if a module has middleware', async () => {
    @Module({})
    class WithMiddleware implements NestModule {
      configure(consumer: MiddlewareConsumer): void {
        consumer.apply((_req: unknown, _res: unknown, next: () => void) => next()).forRoutes(OtherController);
      }
    }

    expect(await linesOf({ app: { rawBody: false }, imports: [WithMiddleware] })).toEqual([]);
  });
});

describe('@VerifyNotification(), when an app on Fastify starts', () => {
  it.each<[what: string, configure: (app: NestFastifyApplication) => void]>([
    [
      'a hook may keep the body',
      (app) =>
        void app
          .getHttpAdapter()
          .getInstance()
          .addHook('preParsing', (_request, _reply, payload, done) => done(null, payload)),
    ],
    [
      'its parser keeps the body',
      (app) =>
        app.useBodyParser('application/json', {}, (request, body, done) =>
          done(null, Object.assign(request, { rawBody: body }) && {}),
        ),
    ],
  ])('does not warn if %s', async (_, configure) => {
    const lines = await linesOf({
      adapter: 'Fastify',
      app: { rawBody: false },
      configure: (app) => configure(app as NestFastifyApplication),
    });

    expect(lines).toEqual([]);
  });
});

describe('@VerifyNotification(), in an application context without a server', () => {
  it('starts and does not warn', async () => {
    @Controller()
    class Notifications {
      @Post('notify')
      @VerifyNotification()
      receive(): void {}
    }
    @Module({ imports: [WxPayModule.forRoot(SHOP)], controllers: [Notifications] })
    class AppModule {}
    const logger = new NotificationLog();

    const context = await NestFactory.createApplicationContext(AppModule, { logger, abortOnError: false });
    await context.close();

    expect(logger.lines).toEqual([]);
  });
});

@Controller()
class OtherController {
  @Get('other')
  get(): string {
    return 'other';
  }
}
