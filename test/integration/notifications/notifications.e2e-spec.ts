import { describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  Catch,
  HttpException,
  Injectable,
  ValidationPipe,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, BaseExceptionFilter } from '@nestjs/core';
import { from, map, mergeMap, type Observable } from 'rxjs';
import { WxPayExceptionFilter, WxPaySignatureError, WxPayTransportError } from 'nestjs-wxpay';
import {
  ADAPTERS,
  readXml,
  startNotificationApp,
  type NotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { LEGACY, merchantOf, SHOP_KEYS, toLegacy } from '../../support/harness/shop-notifications.js';
import { signNotification, type SignedNotification } from '../../support/signing/signed-notification.js';

const ACCEPTED = {
  v3: { status: 204, type: null, body: '' },
  v2: {
    status: 200,
    type: 'text/xml; charset=utf-8',
    body: '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>',
  },
};
const failed = (status: number, message: string) => ({
  v3: { status, type: 'application/json; charset=utf-8', body: JSON.stringify({ code: 'FAIL', message }) },
  v2: {
    status,
    type: 'text/xml; charset=utf-8',
    body: `<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA[${message}]]></return_msg></xml>`,
  },
});

@Injectable()
class WrappingInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data, at: 'envelope' })));
  }
}

@Injectable()
class FailingCommitInterceptor implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(mergeMap(() => from(Promise.reject(new Error('commit failed')))));
  }
}

@Catch()
class CatchAllFilter extends BaseExceptionFilter {
  override catch(_: unknown, host: Parameters<BaseExceptionFilter['catch']>[1]): void {
    // oxlint-disable-next-line promise/valid-params -- the method of the base filter, no promise
    super.catch(new HttpException({ theirs: true }, 418), host);
  }
}

class ThrottlingGuard implements CanActivate {
  canActivate(): boolean {
    throw new HttpException('Slow down', 429);
  }
}

describe.each(ADAPTERS)('@VerifyNotification() on %s', (adapter) => {
  describe.each(['v3', 'v2'] as const)('for a merchant of %s', (api) => {
    const start = (options: Partial<NotificationAppOptions> = {}): Promise<NotificationApp> =>
      startNotificationApp({
        adapter,
        merchants: [api === 'v3' ? merchantOf(SHOP_KEYS) : LEGACY],
        ...options,
        configure: (app) => {
          readXml(app, adapter);
          options.configure?.(app);
        },
      });
    const genuine = (): SignedNotification => (api === 'v3' ? signNotification(SHOP_KEYS) : toLegacy());
    const forged = (): SignedNotification => {
      const { headers, body } = genuine();
      return { headers, body: Buffer.from(body.toString().replace('0', '1')) };
    };

    it('passes verified notifications to the handler, and accepts them', async () => {
      await using app = await start();

      const answer = await app.send(genuine());

      expect(answer).toEqual(ACCEPTED[api]);
      expect(app.shop.received).toMatchObject([
        {
          eventType: 'TRANSACTION.SUCCESS',
          resource: { outTradeNo: 'T1', tradeState: 'SUCCESS', amount: { total: 100 } },
        },
      ]);
    });

    it.each<[string, () => unknown]>([
      ['nothing', () => undefined],
      ['an object', () => ({ code: 'FAIL', statusCode: 500 })],
      ['a promise', () => Promise.resolve('text')],
      ['an observable without a value', () => from([])],
    ])('accepts them although the handler returns %s', async (_, handle) => {
      await using app = await start();
      app.shop.handle = handle;

      expect(await app.send(genuine())).toEqual(ACCEPTED[api]);
    });

    it('refuses forged notifications before the handler', async () => {
      await using app = await start();

      const answer = await app.send(forged());

      expect(answer).toEqual(failed(401, 'The signature could not be verified.')[api]);
      expect(app.shop.received).toEqual([]);
    });

    it.each<[string, unknown, number]>([
      ['an error', new Error('ECONNREFUSED postgres://shop:secret@db'), 500],
      ['a refusal', new BadRequestException('The amount differs.'), 400],
      ['a status that means success', new HttpException('all is well', 200), 500],
      ['a failed query', new WxPayTransportError('WeChat Pay did not answer.'), 500],
      ['a query that could not be verified', new WxPaySignatureError('mismatch'), 500],
      ['a text', 'oops', 500],
    ])('refuses a notification if the handler throws %s', async (_, thrown, status) => {
      await using app = await start();
      app.shop.handle = () => {
        throw thrown;
      };

      expect(await app.send(genuine())).toEqual(
        failed(status, 'The notification could not be processed.')[api],
      );
    });

    it.each<[string, NotificationAppOptions['providers']]>([
      ['an interceptor that wraps bodies', [{ provide: APP_INTERCEPTOR, useClass: WrappingInterceptor }]],
      ['a filter for everything', [{ provide: APP_FILTER, useClass: CatchAllFilter }]],
      ['the filter of this package', [{ provide: APP_FILTER, useClass: WxPayExceptionFilter }]],
      [
        'a strict validation pipe',
        [
          {
            provide: APP_PIPE,
            useValue: new ValidationPipe({
              transform: true,
              whitelist: true,
              forbidNonWhitelisted: true,
              validateCustomDecorators: true,
            }),
          },
        ],
      ],
    ])('answers the same in an app with %s', async (_, providers) => {
      await using app = await start({ providers });

      expect(await app.send(genuine())).toEqual(ACCEPTED[api]);
      expect(await app.send(forged())).toEqual(failed(401, 'The signature could not be verified.')[api]);
      expect(app.shop.received).toMatchObject([
        { createdAt: expect.any(Date), resource: { outTradeNo: 'T1' } },
      ]);
    });

    it('refuses a notification if an interceptor fails after the handler, for example at a commit', async () => {
      await using app = await start({
        providers: [
          { provide: APP_INTERCEPTOR, useClass: WrappingInterceptor },
          { provide: APP_INTERCEPTOR, useClass: FailingCommitInterceptor },
        ],
      });

      expect(await app.send(genuine())).toEqual(failed(500, 'The notification could not be processed.')[api]);
      expect(app.shop.received).toHaveLength(1);
    });

    it('refuses a notification, in JSON, if a guard of the app stops the request', async () => {
      await using app = await start({ providers: [{ provide: APP_GUARD, useClass: ThrottlingGuard }] });

      expect(await app.send(genuine())).toEqual(failed(429, 'The notification could not be processed.').v3);
      expect(app.shop.received).toEqual([]);
    });
  });
});
