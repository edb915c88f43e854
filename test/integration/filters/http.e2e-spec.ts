import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Controller,
  Get,
  type INestApplication,
  type MiddlewareConsumer,
  Module,
  type NestModule,
  Param,
  Res,
  UseFilters,
} from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost, NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { WxPayExceptionFilter } from '../../../lib/filters/wxpay-exception.filter.js';
import { FAILURES, type FailureName, MISSING_BODY } from './failures.js';
import { RecordingLogger } from './recording-logger.js';

interface HalfSent {
  readonly raw?: HalfSent;
  write(chunk: string): unknown;
}

class Orders {
  @Get('fail/:name')
  fail(@Param('name') name: FailureName): never {
    throw FAILURES[name]();
  }

  @Get('half-sent')
  async halfSent(@Res() response: HalfSent): Promise<never> {
    (response.raw ?? response).write('half');
    throw FAILURES.busy();
  }
}

const failInMiddleware = (): never => {
  throw FAILURES.busy();
};

@Controller()
class PlainController extends Orders {}

@Controller()
@UseFilters(WxPayExceptionFilter)
class FilteredController extends Orders {}

class WithMiddleware implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(failInMiddleware).forRoutes('middleware');
  }
}

@Module({
  controllers: [PlainController],
  providers: [{ provide: APP_FILTER, useClass: WxPayExceptionFilter }],
})
class ByProvider extends WithMiddleware {}

@Module({ controllers: [FilteredController] })
class ByDecorator {}

@Module({ controllers: [PlainController] })
class ByHand extends WithMiddleware {}

const registerByHand = (app: INestApplication): unknown =>
  app.useGlobalFilters(new WxPayExceptionFilter(app.get(HttpAdapterHost).httpAdapter));

const platforms = [
  ['Express', async (module: object, logger: RecordingLogger) => NestFactory.create(module, { logger })],
  [
    'Fastify',
    async (module: object, logger: RecordingLogger) =>
      NestFactory.create(module, new FastifyAdapter(), { logger }),
  ],
] as const;

const registrations = [
  ['as APP_FILTER', ByProvider, () => {}],
  ['with @UseFilters', ByDecorator, () => {}],
  ['with useGlobalFilters', ByHand, registerByHand],
] as const;

const cases = platforms.flatMap(([platform, create]) =>
  registrations.map(([registration, module, register]) => ({
    platform,
    registration,
    start: async (logger: RecordingLogger) => {
      const app = await create(module, logger);
      register(app);
      await app.listen(0, '127.0.0.1');
      return app;
    },
  })),
);

describe.each(cases)('WxPayExceptionFilter over HTTP on $platform, $registration', ({ start }) => {
  const logger = new RecordingLogger();
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    app = await start(logger);
    url = await app.getUrl();
  });
  afterEach(() => {
    logger.lines.length = 0;
  });
  afterAll(async () => app.close());

  it('answers with the body of toHttpException', async () => {
    const reply = await fetch(`${url}/fail/missing`);

    expect(reply.status).toBe(404);
    expect(await reply.json()).toEqual(MISSING_BODY);
    expect(reply.headers.get('retry-after')).toBeNull();
  });

  it.each([
    ['input', 400],
    ['paid', 409],
    ['unauthorized', 500],
    ['forbidden', 500],
    ['misconfigured', 500],
    ['limited', 503],
    ['busy', 503],
    ['late', 504],
    ['unreachable', 502],
    ['unverifiable', 502],
    ['odd', 502],
    ['theirs', 404],
  ] as const)('answers %s with %i', async (name, status) => {
    const reply = await fetch(`${url}/fail/${name}`);

    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ statusCode: status, code: FAILURES[name]().code });
  });

  it.each([
    ['limited', '2'],
    ['hasty', '1'],
    ['faulty', '60'],
    ['endless', '5'],
    ['busy', '5'],
    ['young', 'Mon, 01 Jun 2026 12:00:00 GMT'],
  ])('sends Retry-After after %s: %s', async (name, seconds) => {
    const reply = await fetch(`${url}/fail/${name}`);

    expect(reply.headers.get('retry-after')).toBe(seconds);
  });

  it('sends no Retry-After for a request that may have been carried out and is not idempotent', async () => {
    const reply = await fetch(`${url}/fail/open`);

    expect(reply.status).toBe(503);
    expect(reply.headers.get('retry-after')).toBeNull();
  });

  it.each([
    ['unauthorized', 'error'],
    ['misconfigured', 'error'],
    ['unreachable', 'error'],
    ['busy', 'warn'],
    ['late', 'warn'],
  ] as const)('logs %s once, at level %s, with the whole message', async (name, level) => {
    await fetch(`${url}/fail/${name}`);

    expect(logger.lines).toEqual([{ level, message: expect.stringContaining(FAILURES[name]().message) }]);
  });

  it('names the merchant in the log, since there may be many', async () => {
    await fetch(`${url}/fail/busy`);

    expect(logger.lines).toEqual([{ level: 'warn', message: expect.stringMatching(/^\[eu\] WeChat Pay /) }]);
  });

  it.each(['input', 'missing', 'paid'])('logs nothing for %s, which the client can correct', async (name) => {
    await fetch(`${url}/fail/${name}`);

    expect(logger.lines).toEqual([]);
  });

  it('ends a response that was already being sent', async () => {
    const reply = await fetch(`${url}/half-sent`);

    expect(await reply.text()).toBe('half');
    expect(logger.lines).toHaveLength(1);
    expect(logger.foreign).toEqual([]);
  });
});

describe.each(cases.filter(({ registration }) => registration !== 'with @UseFilters'))(
  'WxPayExceptionFilter in middleware on $platform, $registration',
  ({ start }) => {
    let app: INestApplication;
    beforeAll(async () => {
      app = await start(new RecordingLogger());
    });
    afterAll(async () => app.close());

    it('answers as it does for handlers', async () => {
      const reply = await fetch(`${await app.getUrl()}/middleware`);

      expect(reply.status).toBe(503);
      expect(reply.headers.get('retry-after')).toBe('5');
      expect(await reply.json()).toMatchObject({ code: 'SYSTEM_ERROR' });
    });
  },
);
