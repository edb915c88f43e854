import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  HttpException,
  Post,
  Res,
  type ArgumentsHost,
  type ExceptionFilter,
  type ExecutionContext,
} from '@nestjs/common';
import { Notification, VerifyNotification, WxPayConfigError, type WxPayNotification } from 'nestjs-wxpay';
import {
  ADAPTERS,
  readXml,
  startNotificationApp,
  type AdapterName,
  type NotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { LEGACY, merchantOf, SHOP_KEYS, toLegacy } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const SHOP = merchantOf(SHOP_KEYS);
const FORGED_V2 = { ...toLegacy(), body: Buffer.from('<xml><sign>0</sign></xml>') };
const named = (context: ExecutionContext): string =>
  context.switchToHttp().getRequest<{ params: { merchant: string } }>().params.merchant;

let logger: NotificationLog;
beforeEach(() => {
  logger = new NotificationLog();
});

describe.each(ADAPTERS)('@VerifyNotification() on %s', (adapter) => {
  const start = (options: Partial<NotificationAppOptions> = {}): Promise<NotificationApp> =>
    startNotificationApp({
      adapter,
      merchants: [SHOP],
      app: { logger },
      configure: (nest) => readXml(nest, adapter),
      ...options,
    });

  it.each([
    ['text/xml', 'text/xml; charset=utf-8'],
    ['application/json', 'text/xml; charset=utf-8'],
  ])(
    'answers a forgery of type %s in XML on the route of a merchant of APIv2',
    async (contentType, answered) => {
      const body = contentType === 'text/xml' ? FORGED_V2.body : Buffer.from('{}');
      await using app = await start({ merchants: [LEGACY] });

      const answer = await app.send({ headers: { 'content-type': contentType }, body });

      expect(answer).toMatchObject({ type: answered, body: expect.stringContaining('<return_code>') });
    },
  );

  it.each([
    ['text/xml', 'text/xml; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    [undefined, 'application/json; charset=utf-8'],
  ])('answers a forgery of type %s in %s where the request names the merchant', async (type, answered) => {
    await using app = await start({
      path: 'notify/:merchant',
      verify: { merchant: named },
      merchants: [{ ...LEGACY, name: 'legacy' }],
    });
    const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
    const body = type === 'text/xml' ? FORGED_V2.body : Buffer.from(type === undefined ? '' : '{}');

    const answer = await app.send({ headers, body }, 'notify/legacy');

    expect(answer).toMatchObject({ status: 401, type: answered });
  });

  it.each([
    [399, 500],
    [400, 400],
    [599, 599],
    [600, 500],
  ])('answers a handler that throws an HttpException of %i with %i', async (thrown, answered) => {
    await using app = await start();
    app.shop.handle = () => {
      throw new HttpException('no', thrown);
    };

    expect(await app.send(signNotification(SHOP_KEYS))).toMatchObject({ status: answered });
  });

  it('ends a response that the handler began before it failed', async () => {
    await using app = await start({ controllers: [beginner(adapter)] });

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer).toMatchObject({ status: 200, body: 'begun' });
    expect(logger.lines).toEqual([expect.stringContaining('though it was answered already')]);
  });

  it('logs the message of a failed handler in full, and that of a failed look-up only in part', async () => {
    const long = `The database is gone.${' It is away.'.repeat(30)}`;
    await using app = await start({
      path: 'notify/:merchant',
      verify: {
        merchant: (context) => {
          if (named(context) === 'shop') return 'shop';
          throw new Error(long);
        },
      },
      merchants: [{ ...SHOP, name: 'shop' }],
    });
    app.shop.handle = () => {
      throw new Error(long);
    };

    await app.send(signNotification(SHOP_KEYS), 'notify/shop');
    await app.send(signNotification(SHOP_KEYS), 'notify/other');

    expect(logger.lines).toHaveLength(2);
    expect(logger.lines[0]).toContain(long);
    expect(logger.lines[1]).toContain('The database is gone. It is away.');
    expect(logger.lines[1]).not.toContain(long);
  });

  it('logs that a handler threw something that is no error', async () => {
    await using app = await start();
    app.shop.handle = () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- Apps do.
      throw 'o-openid';
    };

    await app.send(signNotification(SHOP_KEYS));

    expect(logger.lines).toEqual([expect.stringContaining('something that is not an error was thrown')]);
  });

  it('explains @Notification() on a method without @VerifyNotification()', async () => {
    const thrown: unknown[] = [];
    await using app = await start({
      controllers: [Unverified],
      configure: (nest) => nest.useGlobalFilters(new KeepingFilter(thrown)),
    });

    await app.send(signNotification(SHOP_KEYS));

    expect(thrown).toEqual([
      new WxPayConfigError([
        '@Notification() of Unverified.receive has no verified notification. Put @VerifyNotification() on the method or its class.',
      ]),
    ]);
  });

  it('warns once about the bodies of a merchant beside merchants of the other API', async () => {
    const merchants = [SHOP, { ...LEGACY, name: 'legacy' }];

    await (await start({ merchants, verify: { merchant: 'legacy' }, configure: () => {} })).close();

    expect(logger.lines).toEqual([expect.stringMatching(/^warn: \[legacy\] .* the XML of APIv2/)]);
  });
});

describe('@VerifyNotification() on Fastify', () => {
  it('logs one line for XML that Fastify refuses, also with two routes', async () => {
    await using app = await startNotificationApp({
      adapter: 'Fastify',
      merchants: [SHOP],
      app: { logger },
      controllers: [controllerOf('first'), controllerOf('second')],
    });

    await app.send(toLegacy(), 'first');

    expect(logger.lines).toEqual([expect.stringContaining('Fastify answered 415 to XML at POST /first,')]);
  });
});

@Controller('notify')
class Unverified {
  @Post()
  receive(@Notification() _notification: WxPayNotification): void {}
}

@Catch()
class KeepingFilter implements ExceptionFilter {
  constructor(private readonly thrown: unknown[]) {}

  catch(error: unknown, host: ArgumentsHost): void {
    this.thrown.push(error);
    host.switchToHttp().getResponse<{ send: (body: string) => void }>().send('kept');
  }
}

function controllerOf(path: string) {
  @Controller(path)
  class Notifications {
    @Post()
    @VerifyNotification()
    receive(): void {}
  }
  return Notifications;
}

/** A controller that begins a response of its own, and fails. */
function beginner(adapter: AdapterName) {
  interface Raw {
    writeHead(status: number): unknown;
    write(text: string): unknown;
  }
  @Controller('notify')
  class Beginner {
    @Post()
    @VerifyNotification()
    receive(@Res() response: Raw & { readonly raw: Raw }): void {
      const raw = adapter === 'Express' ? response : response.raw;
      raw.writeHead(200);
      raw.write('begun');
      throw new Error('The disk is full.');
    }
  }
  return Beginner;
}
