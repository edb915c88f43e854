import { expect, it } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { WxPayConfigError, WxPayMerchants } from 'nestjs-wxpay';
import { inspect } from 'node:util';
import { failureOf } from '../../support/assertions/failure-of.js';
import { startNotificationApp } from '../../support/harness/notification-app.js';
import { keysOf, merchantOf } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

const FORGED = 'eu\n[Nest] 1 - ERROR forged\u001B[31m\u009B1m\u2028\u202E';
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

/** Keeps all that is logged, stacks too. */
class Log implements LoggerService {
  readonly told: string[] = [];
  readonly #keep = (...parts: readonly unknown[]): void => void this.told.push(...parts.map(String));
  readonly log = this.#keep;
  readonly warn = this.#keep;
  readonly error = this.#keep;
}

const start = async (logger = new Log()) =>
  startNotificationApp({
    adapter: 'Express',
    app: { logger, rawBody: true },
    path: 'notify',
    verify: { merchant: FORGED },
    merchants: [{ ...merchantOf(keysOf('eu')), name: FORGED }],
  });

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
