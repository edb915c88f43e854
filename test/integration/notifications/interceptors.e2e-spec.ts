import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  Catch,
  Controller,
  Injectable,
  Post,
  Res,
  UseFilters,
  type ArgumentsHost,
  type CallHandler,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type Provider,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { VerifyNotification } from 'nestjs-wxpay';
import { catchError, map, mergeMap, of, throwError, type Observable } from 'rxjs';
import {
  ADAPTERS,
  readXml,
  startNotificationApp,
  type NotificationApp,
  type NotificationAppOptions,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';
import { LEGACY, merchantOf, SHOP_KEYS, toLegacy } from '../../support/harness/shop-notifications.js';
import { signNotification } from '../../support/signing/signed-notification.js';

/** What interceptors and handlers use of a response of either platform. */
interface AppResponse {
  status(code: number): this;
  send(body: unknown): unknown;
}

/** What is used of Fastify. */
interface FastifyInstance {
  addHook(name: 'onSend', hook: () => Promise<void>): void;
}

type Intercept = (next: CallHandler, response: AppResponse) => Observable<unknown>;

const ENVELOPE = { code: 0, message: 'taken care of' };

const swallow: Intercept = (next) => next.handle().pipe(catchError(() => of(ENVELOPE)));

const failToCommit: Intercept = (next) =>
  next.handle().pipe(mergeMap(() => throwError(() => new Error('commit failed'))));

/** The interceptors of an app, the outermost first. */
function global(...intercepts: readonly Intercept[]): Provider[] {
  return intercepts.map((intercept) => {
    @Injectable()
    class AppInterceptor implements NestInterceptor {
      intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
        return intercept(next, context.switchToHttp().getResponse<AppResponse>());
      }
    }
    return { provide: APP_INTERCEPTOR, useClass: AppInterceptor };
  });
}

let logger: NotificationLog;
beforeEach(() => {
  logger = new NotificationLog();
});

describe.each(ADAPTERS)('@VerifyNotification() on %s', (adapter) => {
  describe.each(['v3', 'v2'] as const)('receiving a notification of %s', (api) => {
    const start = (options: Partial<NotificationAppOptions>): Promise<NotificationApp> =>
      startNotificationApp({
        adapter,
        merchants: [api === 'v3' ? merchantOf(SHOP_KEYS) : LEGACY],
        app: { logger },
        configure: (nest) => readXml(nest, adapter),
        ...options,
      });
    const genuine = () => (api === 'v3' ? signNotification(SHOP_KEYS) : toLegacy());
    const again = (status: number) => ({ status, body: expect.stringContaining('FAIL') });

    it.each<[string, Intercept]>([
      ['swallows the failure', swallow],
      [
        'swallows the failure and claims success',
        (next, response) =>
          next.handle().pipe(
            catchError(() => {
              response.status(200);
              return of(ENVELOPE);
            }),
          ),
      ],
    ])('refuses it if the handler throws in an app with an interceptor that %s', async (_, intercept) => {
      await using app = await start({ providers: global(intercept) });
      app.shop.handle = () => {
        throw new Error('The database is gone.');
      };

      const answer = await app.send(genuine());

      expect(answer).toMatchObject(again(500));
      expect(logger.lines).toEqual([
        expect.stringMatching(
          /^error: \[\w+\] Notification \S+ was verified, but its handler did not end well, so WeChat Pay sends it again\. /,
        ),
      ]);
    });

    it('refuses it if an interceptor answers in place of the handler', async () => {
      await using app = await start({ providers: global(() => of(ENVELOPE)) });

      const answer = await app.send(genuine());

      expect(answer).toMatchObject(again(500));
      expect(app.shop.received).toEqual([]);
      expect(logger.lines).toHaveLength(1);
    });

    it('refuses it if an interceptor turns a failed commit into a status of 400 or more', async () => {
      const failing: Intercept = (next, response) =>
        next.handle().pipe(
          catchError(() => {
            response.status(503);
            return of(ENVELOPE);
          }),
        );
      await using app = await start({ providers: global(failing, failToCommit) });

      const answer = await app.send(genuine());

      expect(answer).toMatchObject(again(503));
      expect(app.shop.received).toHaveLength(1);
      expect(logger.lines).toHaveLength(1);
    });

    it('refuses it if a handler that runs again then fails', async () => {
      let runs = 0;
      const repeat: Intercept = (next) => next.handle().pipe(catchError(() => next.handle()));
      await using app = await start({ providers: global(swallow, repeat, failToCommit) });
      app.shop.handle = () => {
        if (++runs > 1) throw new Error('The database is gone.');
      };

      const answer = await app.send(genuine());

      expect(runs).toBe(2);
      expect(answer).toMatchObject(again(500));
    });

    it.each<[string, unknown]>([
      ['nothing', undefined],
      ['null', null],
      ['a text', 'ok'],
      ['bytes', Buffer.from('ok')],
      ['an object', ENVELOPE],
      ['an error', new Error('not thrown')],
    ])('accepts it although an interceptor answers with %s', async (_, body) => {
      const claim: Intercept = (next, response) =>
        next.handle().pipe(
          map(() => {
            response.status(202);
            return body;
          }),
        );
      await using app = await start({ providers: global(claim) });

      const answer = await app.send(genuine());

      expect(answer).toMatchObject(
        api === 'v3' ? { status: 204, body: '' } : { status: 200, body: expect.stringContaining('SUCCESS') },
      );
      expect(logger.lines).toEqual([]);
    });

    it('refuses it if a filter in front of it swallows the failure, whether it is genuine or not', async () => {
      @Catch()
      class OwnFilter implements ExceptionFilter {
        catch(_: unknown, host: ArgumentsHost): void {
          host.switchToHttp().getResponse<AppResponse>().status(200).send(ENVELOPE);
        }
      }
      @Controller()
      class NotificationsController {
        @Post('notify')
        @UseFilters(OwnFilter)
        @VerifyNotification()
        receive(): void {
          throw new Error('The database is gone.');
        }
      }
      await using app = await start({ controllers: [NotificationsController] });
      const { headers, body } = genuine();

      const answers = [
        await app.send({ headers, body }),
        await app.send({ headers, body: Buffer.from(body.toString().replace('0', '1')) }),
      ];

      expect(answers).toMatchObject([again(500), again(500)]);
      expect(logger.lines).toEqual([
        expect.stringMatching(
          /^error: \[\w+\] Notification \S+ was verified, but its handler did not end well, /,
        ),
        expect.stringMatching(/^warn: \[default\] .* could not be verified/),
        expect.stringMatching(/^error: A notification was refused, so WeChat Pay sends it again\. /),
      ]);
    });

    it('refuses it if its handler answers by itself', async () => {
      @Controller()
      class NotificationsController {
        @Post('notify')
        @VerifyNotification()
        receive(@Res() response: AppResponse): void {
          response.status(200).send('done');
        }
      }
      await using app = await start({ controllers: [NotificationsController] });

      const answer = await app.send(genuine());

      expect(answer).toMatchObject(again(500));
      expect(logger.lines).toEqual([expect.stringContaining('@Res()')]);
    });
  });
});

describe('@VerifyNotification() on Fastify', () => {
  it('refuses a notification, instead of hanging, if a hook fails while the answer is sent', async () => {
    await using app = await startNotificationApp({
      adapter: 'Fastify',
      merchants: [merchantOf(SHOP_KEYS)],
      configure: (nest) => {
        const fastify = nest.getHttpAdapter().getInstance() as FastifyInstance;
        fastify.addHook('onSend', () => Promise.reject(new Error('The hook is broken.')));
      },
    });

    const answer = await app.send(signNotification(SHOP_KEYS));

    expect(answer.status).toBe(500);
  });
});
