import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  ConflictException,
  ConsoleLogger,
  Controller,
  Get,
  Inject,
  Post,
  UseFilters,
  type LoggerService,
} from '@nestjs/common';
import { OrderQueryService, VerifyNotification, WxPayExceptionFilter } from 'nestjs-wxpay';
import { startNotificationApp } from '../../support/harness/notification-app.js';
import { merchantOf, SHOP_KEYS } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

@Controller()
class ShopController {
  constructor(@Inject(OrderQueryService) private readonly orders: OrderQueryService) {}

  @Get('order')
  @UseFilters(WxPayExceptionFilter)
  find(): Promise<unknown> {
    return this.orders.query({ outTradeNo: 'T1' }, { timeoutMs: 5_000 });
  }

  @Post('notify')
  @VerifyNotification()
  receive(): void {
    throw new Error('The database is gone.');
  }
}

/** Copies the members of an object into its record, as the LoggerService of nestjs-pino does. */
class CopyingLogger implements LoggerService {
  readonly records: object[] = [];

  log(): void {}

  warn(message: unknown, ...details: readonly unknown[]): void {
    this.records.push(Object.assign({ context: details.at(-1), level: 40 }, message));
  }

  error(message: unknown, ...details: readonly unknown[]): void {
    this.records.push(Object.assign({ context: details.at(-1), level: 50 }, message));
  }
}

/** Fails a call, refuses a notification, and fails the handler of another one. */
async function failWith(logger: LoggerService): Promise<void> {
  await using app = await startNotificationApp({
    adapter: 'Express',
    merchants: [{ ...merchantOf(SHOP_KEYS), hosts: ['http://127.0.0.1:1'], maxAttempts: 1 }],
    app: { logger },
    controllers: [ShopController],
  });
  output = '';
  await fetch(`${await app.nest.getUrl()}/order`);
  await app.send(signNotification(SHOP_KEYS, { signedBody: '{}' }));
  await app.send(signNotification(SHOP_KEYS));
}

let output = '';
beforeEach(() => {
  for (const stream of [process.stdout, process.stderr]) {
    jest.spyOn(stream, 'write').mockImplementation((text) => {
      output += String(text);
      return true;
    });
  }
});
afterEach(() => void jest.restoreAllMocks());

const FIELDS = [
  {
    message: expect.stringMatching(/^WeChat Pay could not be reached at /),
    merchant: 'default',
    code: 'WXPAY_TRANSPORT',
    status: expect.any(Number),
  },
  {
    message: expect.stringMatching(/^A notification to merchant "default" could not be verified: /),
    merchant: 'default',
    code: 'WXPAY_SIGNATURE',
    reason: 'mismatch',
    requestId: expect.any(String),
  },
  {
    message: expect.stringMatching(/ was verified, but not processed, .*: The database is gone\.$/),
    merchant: 'default',
    notificationId: 'EV-2018022511223320873',
    eventType: 'TRANSACTION.SUCCESS',
    status: 500,
    stack: expect.stringContaining('\n    at '),
  },
];

describe('log lines', () => {
  it('are sentences in the ConsoleLogger of Nest', async () => {
    await failWith(new ConsoleLogger({ colors: false }));

    const lines = output.split('\n').filter((line) => line.startsWith('[Nest]'));
    expect(lines).toEqual([
      expect.stringMatching(/ERROR \[WxPayExceptionFilter\] \[default\] .*order\.query.*\.$/),
      expect.stringMatching(
        /WARN \[WxPayNotifications\] \[default\] A notification to .* \(Request-ID \S+\)$/,
      ),
      expect.stringMatching(/ERROR \[WxPayNotifications\] \[default\] Notification .* is gone\.$/),
    ]);
    expect(output).toContain('\nError: The database is gone.\n    at ');
    expect(lines.join('\n')).not.toContain('Object');
  });

  it('are objects with fields in the ConsoleLogger with json: true', async () => {
    await failWith(new ConsoleLogger({ json: true, colors: false }));

    const records = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as { readonly message: unknown });
    expect(records.map(({ message }) => message)).toEqual(FIELDS);
  });

  it('are records with fields in a logger that copies objects, as that of pino', async () => {
    const logger = new CopyingLogger();

    await failWith(logger);

    expect(logger.records).toEqual([
      { level: 50, context: 'WxPayExceptionFilter', ...FIELDS[0] },
      { level: 40, context: 'WxPayNotifications', ...FIELDS[1] },
      { level: 50, context: 'WxPayNotifications', ...FIELDS[2] },
    ]);
  });

  it('name the notification that a handler refuses with a status of its own', async () => {
    const logger = new CopyingLogger();
    await using app = await startNotificationApp({
      adapter: 'Express',
      merchants: [merchantOf(SHOP_KEYS)],
      app: { logger },
    });
    app.shop.handle = () => {
      throw new ConflictException('The sale is closed.');
    };

    await app.send(signNotification(SHOP_KEYS));

    expect(logger.records).toEqual([
      {
        level: 40,
        context: 'WxPayNotifications',
        ...FIELDS[2],
        message: expect.stringMatching(/ was verified, but not processed, .*: The sale is closed\.$/),
        status: 409,
        stack: undefined,
      },
    ]);
  });

  it('name no merchant in a warning at start-up about the merchants that requests name', async () => {
    const logger = new CopyingLogger();
    await using _ = await startNotificationApp({
      adapter: 'Express',
      merchants: [merchantOf(SHOP_KEYS)],
      verify: { merchant: () => 'default' },
      app: { logger, rawBody: false },
    });

    expect(logger.records).toEqual([
      {
        level: 40,
        context: 'WxPayNotifications',
        message: expect.stringMatching(/^The JSON parser of this app does not keep the raw body/),
      },
    ]);
  });
});
