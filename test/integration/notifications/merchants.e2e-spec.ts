import { beforeEach, describe, expect, it } from '@jest/globals';
import { type ExecutionContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { WxPayMerchants } from 'nestjs-wxpay';
import {
  ADAPTERS,
  type AdapterName,
  readXml,
  startNotificationApp,
  type NotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { keysOf, LEGACY, merchantOf, toLegacy } from '../../support/harness/shop-notifications.js';
import {
  PAID_ORDER,
  signNotification,
  type SignedNotification,
} from '../../support/signing/signed-notification.js';

let logger: NotificationLog;
beforeEach(() => {
  logger = new NotificationLog();
});

function start(options: NotificationAppOptions): Promise<NotificationApp> {
  return startNotificationApp({ ...options, app: { logger, ...options.app } });
}

describe.each(ADAPTERS)('@VerifyNotification(), with several merchants on %s', (adapter) => {
  const named = (context: ExecutionContext): string =>
    context.switchToHttp().getRequest<{ params: { merchant: string } }>().params.merchant;
  const options: NotificationAppOptions = {
    adapter,
    path: 'notify/:merchant',
    verify: { merchant: named },
    merchants: [
      { ...merchantOf(keysOf('eu')), name: 'eu' },
      { ...merchantOf(keysOf('us')), name: 'us' },
      { ...LEGACY, name: 'legacy' },
    ],
    configure: (app) => readXml(app, adapter),
  };

  it('verifies each notification with the keys of its merchant, over either API', async () => {
    await using app = await start(options);

    const statuses = [
      await app.send(signNotification(keysOf('eu')), 'notify/eu'),
      await app.send(signNotification(keysOf('us')), 'notify/us'),
      await app.send(toLegacy(), 'notify/legacy'),
      await app.send(signNotification(keysOf('us')), 'notify/eu'),
      await app.send(signNotification({ ...keysOf('us'), serialNo: 'PUB_KEY_ID_eu' }), 'notify/eu'),
    ].map(({ status }) => status);

    expect(statuses).toEqual([204, 204, 200, 401, 500]);
    expect(app.shop.received.map(({ merchant }) => merchant)).toEqual(['eu', 'us', 'legacy']);
    expect(logger.lines).toEqual([
      expect.stringMatching(
        /^warn: \[eu\] A notification to merchant "eu" could not be verified: it is signed with a key that is not configured\..* \(Request-ID 08F4F4FF/,
      ),
      expect.stringMatching(/^error: \[eu\] .*apiV3Key does not fit: notification EV-2018022511223320873 /),
    ]);
  });

  it('does not reveal which merchants exist', async () => {
    await using app = await start(options);

    const answer = await app.send(signNotification(keysOf('eu')), 'notify/nobody');

    expect(answer).toMatchObject({
      status: 401,
      body: '{"code":"FAIL","message":"The signature could not be verified."}',
    });
    expect(logger.lines).toEqual([
      'warn: A notification came for "nobody", which is no registered merchant. Check the notify_url of its orders. (Request-ID 08F4F4FF90061086011882F3D7A00620B0C50A28CE9A0E-0)',
    ]);
  });

  it('follows merchants that are registered, replaced and removed', async () => {
    await using app = await start(options);
    const merchants = app.nest.get(WxPayMerchants);
    const asian = signNotification(keysOf('asia'), { resource: undefined });

    const before = await app.send(asian, 'notify/asia');
    merchants.register('asia', { ...merchantOf(keysOf('asia')), sharedMchid: true });
    const registered = await app.send(asian, 'notify/asia');
    merchants.replace('asia', { ...merchantOf(keysOf('renewed')), sharedMchid: true });
    const replaced = [
      await app.send(asian, 'notify/asia'),
      await app.send(signNotification(keysOf('renewed')), 'notify/asia'),
    ];
    merchants.unregister('asia');
    const after = await app.send(asian, 'notify/asia');

    expect([before, registered, ...replaced, after].map(({ status }) => status)).toEqual([
      401, 204, 401, 204, 401,
    ]);
  });

  it('waits for an asynchronous look-up of the merchant', async () => {
    await using app = await start({
      ...options,
      verify: { merchant: (context) => Promise.resolve(named(context).toLowerCase()) },
    });

    const answers = [
      await app.send(signNotification(keysOf('us')), 'notify/US'),
      await app.send(signNotification(keysOf('us')), 'notify/NOBODY'),
    ];

    expect(answers.map(({ status }) => status)).toEqual([204, 401]);
    expect(logger.lines).toEqual([expect.stringContaining('came for "nobody", which is no registered')]);
  });

  it.each<[how: string, fail: () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('The directory is down.');
      },
    ],
    ['rejects', () => Promise.reject(new Error('The directory is down.'))],
  ])('answers 503 if the look-up of the merchant %s', async (_how, fail) => {
    await using app = await start({ ...options, verify: { merchant: fail } });

    const answer = await app.send(signNotification(keysOf('us')), 'notify/us');

    expect(answer.status).toBe(500);
    expect(logger.lines).toEqual([
      'error: A notification was refused before it could be verified: The directory is down.',
    ]);
  });

  it('keeps the error of a look-up on one line of the log, so that a client cannot forge lines', async () => {
    const logged: string[] = [];
    logger.error = (...parts: readonly unknown[]) => void logged.push(...parts.map(String));
    const fail = (context: ExecutionContext): string => {
      throw new Error(`No tenant ${named(context)}.`);
    };
    await using app = await start({ ...options, verify: { merchant: fail } });

    await app.send(signNotification(keysOf('us')), 'notify/x%0Aerror:%20forged');

    expect(logged[0]?.split('\n')[0]).toBe(
      'A notification was refused before it could be verified: No tenant x error: forged.',
    );
    expect(logged.join('|')).not.toMatch(/^error: forged/m);
  });

  it('refuses a genuine notification of another merchant, and logs it as an error', async () => {
    const foreign = signNotification(keysOf('eu'), { resource: { ...PAID_ORDER, mchid: '1900000002' } });
    await using app = await start(options);

    const answer = await app.send(foreign, 'notify/eu');

    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('could not be understood') });
    expect(app.shop.received).toEqual([]);
    expect(logger.lines).toEqual([expect.stringMatching(/^error: \[eu\] .* belongs to another merchant\./)]);
  });

  it('answers 503 if the look-up of the merchant does not end', async () => {
    await using app = await start({ ...options, verify: { merchant: () => new Promise(() => undefined) } });

    const answer = await app.send(signNotification(keysOf('us')), 'notify/us');

    expect(answer.status).toBe(503);
    expect(logger.lines).toEqual([
      expect.stringMatching(
        /^error: The merchant of a notification was not looked up within 4500 ms\. WeChat Pay sends it again: check/,
      ),
    ]);
  });

  it('does not use the default merchant if the look-up finds none', async () => {
    await using app = await start({
      ...options,
      merchants: [merchantOf(keysOf('default'))],
      verify: { merchant: () => undefined as never },
    });

    const answer = await app.send(signNotification(keysOf('default')), 'notify/x');

    expect(answer.status).toBe(401);
    expect(logger.lines).toEqual([expect.stringContaining('came for a name of type undefined')]);
  });

  it('logs probes at the level debug', async () => {
    await using app = await start(options);
    const { headers, body } = signNotification(keysOf('eu'));
    const probe = `WECHATPAY/SIGNTEST/${headers['Wechatpay-Signature']}`;

    const answer = await app.send(
      { headers: { ...headers, 'Wechatpay-Signature': probe }, body },
      'notify/eu',
    );

    expect(answer.status).toBe(401);
    expect(logger.lines).toEqual([expect.stringMatching(/^debug: \[eu\] .*deliberately wrong ones/)]);
  });

  it('logs a failed handler with the notification', async () => {
    await using app = await start(options);
    app.shop.handle = () => {
      throw new Error('The database is gone.');
    };

    await app.send(signNotification(keysOf('eu')), 'notify/eu');

    expect(logger.lines).toEqual([
      'error: [eu] Notification EV-2018022511223320873 was verified, but not processed, so WeChat Pay sends it again: The database is gone.',
    ]);
  });

  it.each<[string, () => SignedNotification, RegExp]>([
    [
      'eu',
      () => signNotification(keysOf('eu')),
      /NestFactory\.create\(AppModule, \{ rawBody: true \}\).* no middleware read the body before it/,
    ],
    ['legacy', toLegacy, /app\.useBodyParser\('text', \{ type: .* on Express, app\.useBodyParser\(\[/],
  ])('explains how to keep the raw body of %s', async (merchant, make, remedy) => {
    await using app = await start({ ...options, app: { rawBody: false }, configure: parseXmlAway(adapter) });

    const answer = await app.send(make(), `notify/${merchant}`);

    expect(answer.status).toBe(401);
    expect(answer.body).toContain('The signature could not be verified.');
    expect(logger.lines).toEqual([
      expect.stringMatching(/^error: \[\w+\] The raw body of a notification \(/),
    ]);
    expect(logger.lines[0]).toMatch(remedy);
  });
});

/** A parser that makes something else of XML; Express without one drops it. */
function parseXmlAway(adapter: AdapterName): NonNullable<NotificationAppOptions['configure']> {
  return (nest) => {
    if (adapter !== 'Fastify') return;
    (nest as NestFastifyApplication).useBodyParser(['text/xml'], {}, (_, __, done) => done(null, {}));
  };
}
