import { expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { WxPayConfigError, WxPayMerchants } from 'nestjs-wxpay';
import { inspect } from 'node:util';
import { of } from 'rxjs';
import { eventually } from '../../support/assertions/eventually.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import {
  readXml,
  startNotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { keysOf, LEGACY, merchantOf, toLegacy } from '../../support/harness/shop-notifications.js';
import { useProbedApp } from '../../support/harness/probed-app.js';
import { orderOf, useTracking } from '../../support/harness/tracking-app.js';
import { describeWithRedis } from '../../support/servers/redis.js';
import { signNotification, signV2Notification } from '../../support/signing/signed-notification.js';

const FORGED = 'eu\n[Nest] 1 - ERROR forged\u001B[31m\u009B1m\u2028\u202E';
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

/** Keeps all that is logged, stacks too, and the fields of entries. */
class Log implements LoggerService {
  readonly told: string[] = [];
  readonly fields: Readonly<Record<string, unknown>>[] = [];
  readonly #keep = (...parts: readonly unknown[]): void => {
    this.told.push(...parts.map(String));
    this.fields.push(Object.assign({}, parts[0]));
  };
  readonly log = this.#keep;
  readonly warn = this.#keep;
  readonly error = this.#keep;
}

const probed = useProbedApp();
const sandbox = useTracking();

const start = async (logger = new Log(), options: Partial<NotificationAppOptions> = {}) =>
  startNotificationApp({
    adapter: 'Express',
    app: { logger, rawBody: true },
    path: 'notify',
    verify: { merchant: FORGED },
    merchants: [{ ...merchantOf(keysOf('eu')), name: FORGED }],
    ...options,
  });

/** Returns the texts of a log that could forge a line; stacks have line ends. */
const forgedIn = ({ told, fields }: Log): unknown[] => [
  ...told.flatMap((entry) => entry.split(/\n(?= {4}at |Error: )/)).filter((line) => CONTROL.test(line)),
  ...fields
    .flatMap((record) => Object.entries(record))
    .filter(([name, value]) => name !== 'stack' && CONTROL.test(String(value))),
];

it('WxPayMerchant shows its name in one line', async () => {
  await using app = await start();
  const merchant = app.nest.get(WxPayMerchants).get(FORGED);

  const shown = [String(merchant), inspect(merchant), JSON.stringify(merchant)];

  expect(merchant.name).toBe(FORGED);
  expect(shown.filter((text) => CONTROL.test(text))).toEqual([]);
});

it('WxPayError names merchants in one line', async () => {
  await using app = await start();
  const merchants = app.nest.get(WxPayMerchants);

  const error = await failureOf(WxPayConfigError, (async () => merchants.get(`${FORGED}2`))());

  expect(error.message).toMatch(/registered as "eu \[Nest\]/);
  expect(error.message).not.toMatch(CONTROL);
});

it('@VerifyNotification() logs the merchant of a refused notification in one line', async () => {
  const logger = new Log();
  await using app = await start(logger);

  await app.send({ headers: {}, body: Buffer.from('{}') });

  expect(logger.told.filter((line) => line.includes('[eu [Nest] 1 - ERROR forged'))).toHaveLength(1);
  expect(logger.told.filter((line) => CONTROL.test(line))).toEqual([]);
});

it('@VerifyNotification() logs neither openids nor further lines of the error of a failed handler', async () => {
  const logger = new Log();
  await using app = await start(logger);
  app.shop.handle = () => {
    throw new Error(`No customer user_${OPENID}\n[Nest] 1 - ERROR forged`);
  };

  await app.send(signNotification(keysOf('eu')));

  const entry = logger.told.find((each) => each.includes('No customer')) ?? '';
  const [line, error, ...frames] = entry.split('\n');
  expect(line).toContain('No customer user_[openid] [Nest] 1 - ERROR forged');
  expect(error).toMatch(/^Error: No customer /);
  expect(frames.length).toBeGreaterThan(0);
  expect(frames.filter((frame) => !/^ {4}at /.test(frame))).toEqual([]);
  expect(logger.told.join('')).not.toContain(OPENID);
});

it('@VerifyNotification() logs the identifier and the event of a tenant in one line', async () => {
  const logger = new Log();
  await using app = await start(logger);
  app.shop.handle = () => {
    throw new Error('The database is gone.');
  };

  await app.send(signNotification(keysOf('eu'), { id: `x\n${FORGED}`, eventType: FORGED }));

  expect(logger.told.join('')).toContain('Notification x eu [Nest] 1 - ERROR forged');
  expect(logger.fields.map(({ eventType }) => eventType)).toContain('eu [Nest] 1 - ERROR forged [31m 1m');
  expect(forgedIn(logger)).toEqual([]);
});

it('@VerifyNotification() logs a transaction number of APIv2 in one line', async () => {
  const logger = new Log();
  await using app = await start(logger, {
    merchants: [{ ...LEGACY, name: FORGED }],
    configure: (nest) => readXml(nest, 'Express'),
  });
  app.shop.handle = () => {
    throw new Error('The database is gone.');
  };
  const body = signV2Notification('192006250b4c09247ec02edce69f6a2d', {
    transaction_id: '42\n[Nest] 1 - ERROR forged\u202E',
  });

  await app.send({ ...toLegacy(), body });

  expect(logger.told.join('')).toContain('Notification 42 [Nest] 1 - ERROR forged was verified');
  expect(forgedIn(logger)).toEqual([]);
});

it('@VerifyNotification() logs a notification without a decision in one line', async () => {
  const logger = new Log();
  const swallowing = { provide: APP_INTERCEPTOR, useValue: { intercept: () => of('done') } };
  await using app = await start(logger, { providers: [swallowing] });

  await app.send(signNotification(keysOf('eu'), { id: FORGED }));

  expect(logger.told.join('')).toContain('Notification eu [Nest] 1 - ERROR forged');
  expect(forgedIn(logger)).toEqual([]);
});

it('WxPayHealthIndicator logs the merchant in one line', async () => {
  await probed.start();
  probed.app.merchants.register(FORGED, {
    ...probed.gateway.options({ maxAttempts: 1 }),
    sharedMchid: true,
  });
  await probed.gateway.goDown();

  await probed.app.probe({ merchant: FORGED, cacheMs: 0 });
  await probed.app.probe({ merchant: `${FORGED}2`, cacheMs: 0 });

  expect(probed.app.log).toEqual([
    expect.stringMatching(/^warn: .* merchant "eu \[Nest\] 1 - ERROR forged/),
    expect.stringMatching(/^error: No WeChat Pay merchant/),
  ]);
  expect(probed.app.log.filter((line) => CONTROL.test(line))).toEqual([]);
});

describeWithRedis('OrderTrackingModule', () => {
  it('logs merchants, and the name and the code of the error of a handler, in one line', async () => {
    const logger = new Log();
    const { app, tracker } = await sandbox.start({
      logger,
      handlerAttempts: 1,
      onTold() {
        throw Object.assign(new Error(`\n    at ${FORGED}`), { name: FORGED, code: FORGED });
      },
    });
    const options = { ...sandbox.gateway.options(), sharedMchid: true };
    app.get(WxPayMerchants).register(FORGED, options);
    sandbox.gateway.orders.create({ outTradeNo: 'T1', amount: { total: 1 } });
    sandbox.gateway.orders.pay('T1');

    await tracker.track({ ...orderOf('T1'), merchant: FORGED });

    await eventually(() => expect(logger.fields.map(({ jobId }) => jobId)).toContain('d-T1'));
    expect(logger.told.join('')).toContain('[eu [Nest] 1 - ERROR forged [31m 1m] Job d-T1 is parked');
    expect(forgedIn(logger)).toEqual([]);
  });
});
