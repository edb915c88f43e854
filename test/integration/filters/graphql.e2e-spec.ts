import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type INestApplication, Module, UseFilters } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { Args, GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { WxPayExceptionFilter } from '../../../lib/filters/wxpay-exception.filter.js';
import { FAILURES, type FailureName, MISSING_BODY } from './failures.js';
import { RecordingLogger } from './recording-logger.js';

class Orders {
  @Query('fail')
  fail(@Args('name') name: FailureName): never {
    throw FAILURES[name]();
  }
}

@Resolver()
class PlainResolver extends Orders {}

@Resolver()
@UseFilters(WxPayExceptionFilter)
class FilteredResolver extends Orders {}

const graphql = (options: Partial<ApolloDriverConfig> = {}) =>
  GraphQLModule.forRoot<ApolloDriverConfig>({
    driver: ApolloDriver,
    typeDefs: 'type Query { fail(name: String!): String }',
    graphiql: false,
    ...options,
  });

@Module({
  imports: [graphql()],
  providers: [PlainResolver, { provide: APP_FILTER, useClass: WxPayExceptionFilter }],
})
class ByProvider {}

@Module({ imports: [graphql()], providers: [FilteredResolver] })
class ByDecorator {}

@Module({ imports: [graphql({ autoTransformHttpErrors: false })], providers: [FilteredResolver] })
class Untransformed {}

interface GraphQLReply {
  readonly errors: readonly [{ readonly message: string; readonly extensions: Record<string, unknown> }];
}

async function start(module: object, logger: RecordingLogger): Promise<INestApplication> {
  const app = await NestFactory.create(module, { logger });
  await app.listen(0, '127.0.0.1');
  return app;
}

async function answerTo(app: INestApplication, name: string): Promise<GraphQLReply['errors'][0]> {
  const reply = await fetch(`${await app.getUrl()}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ fail(name: "${name}") }` }),
  });
  const { errors } = (await reply.json()) as GraphQLReply;
  return errors[0];
}

describe.each([
  ['as APP_FILTER', ByProvider],
  ['with @UseFilters', ByDecorator],
])('WxPayExceptionFilter in a resolver, %s', (_, module) => {
  const logger = new RecordingLogger();
  let app: INestApplication;

  beforeAll(async () => {
    app = await start(module, logger);
  });
  afterEach(() => {
    logger.lines.length = 0;
  });
  afterAll(async () => app.close());

  it('answers with the message, and the body among the extensions', async () => {
    const error = await answerTo(app, 'missing');

    expect(error.message).toBe(MISSING_BODY.message);
    expect(error.extensions).toMatchObject({ status: 404, originalError: MISSING_BODY });
  });

  it.each(Object.keys(FAILURES) as FailureName[])(
    'never calls %s a fault of authentication',
    async (name) => {
      const { extensions } = await answerTo(app, name);

      expect(extensions).toMatchObject({ originalError: { code: FAILURES[name]().code } });
      expect(['UNAUTHENTICATED', 'FORBIDDEN']).not.toContain(extensions.code);
    },
  );

  it('logs once a failure that the client cannot correct', async () => {
    await answerTo(app, 'missing');
    await answerTo(app, 'unauthorized');

    expect(logger.lines).toEqual([{ level: 'error', message: expect.stringContaining('SIGN_ERROR') }]);
  });
});

describe('WxPayExceptionFilter in a resolver whose driver does not convert errors', () => {
  it('puts the code into the extensions', async () => {
    const app = await start(Untransformed, new RecordingLogger());

    const { extensions } = await answerTo(app, 'missing');

    await app.close();
    expect(extensions).toMatchObject({ code: 'ORDER_NOT_EXIST' });
  });
});
