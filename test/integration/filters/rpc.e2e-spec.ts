import type { AddressInfo, Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, type INestMicroservice, Module, UseFilters } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import {
  type ClientProxy,
  ClientProxyFactory,
  EventPattern,
  type MicroserviceOptions,
  MessagePattern,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { firstValueFrom, type Observable, throwError, timeout } from 'rxjs';
import { WxPayExceptionFilter } from '../../../lib/filters/wxpay-exception.filter.js';
import { FAILURES, type FailureName, MISSING_BODY } from './failures.js';
import { RecordingLogger } from './recording-logger.js';

class Orders {
  @MessagePattern('fail')
  fail(@Payload() name: FailureName): never {
    throw FAILURES[name]();
  }

  @MessagePattern('fail.stream')
  failInStream(@Payload() name: FailureName): Observable<never> {
    return throwError(() => FAILURES[name]());
  }

  @EventPattern('fail.event')
  failInEvent(@Payload() name: FailureName): void {
    throw FAILURES[name]();
  }
}

@Controller()
class PlainController extends Orders {}

@Controller()
@UseFilters(WxPayExceptionFilter)
class FilteredController extends Orders {}

@Module({
  controllers: [PlainController],
  providers: [{ provide: APP_FILTER, useClass: WxPayExceptionFilter }],
})
class ByProvider {}

@Module({ controllers: [FilteredController] })
class ByDecorator {}

@Module({ controllers: [PlainController] })
class ByHand {}

describe.each([
  ['as APP_FILTER', ByProvider, []],
  ['with @UseFilters', ByDecorator, []],
  ['with useGlobalFilters', ByHand, [new WxPayExceptionFilter()]],
])('WxPayExceptionFilter in a microservice, %s', (_, module, filters) => {
  const logger = new RecordingLogger();
  let service: INestMicroservice;
  let client: ClientProxy;

  beforeAll(async () => {
    const transport = Transport.TCP;
    const host = '127.0.0.1';
    service = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
      transport,
      options: { host, port: 0 },
      logger,
    });
    service.useGlobalFilters(...filters);
    await service.listen();
    const { port } = service.unwrap<Server>().address() as AddressInfo;
    client = ClientProxyFactory.create({ transport, options: { host, port } });
    await client.connect();
  });
  afterEach(() => {
    logger.lines.length = 0;
  });
  afterAll(async () => {
    await client.close();
    await service.close();
  });

  const answerTo = async (pattern: string, name: FailureName): Promise<unknown> =>
    firstValueFrom(client.send<unknown>(pattern, name).pipe(timeout(5_000))).then(
      () => Promise.reject(new Error('the call was expected to fail')),
      (error: unknown) => error,
    );

  it.each(['fail', 'fail.stream'])('answers the client of %s with the body', async (pattern) => {
    expect(await answerTo(pattern, 'missing')).toEqual(MISSING_BODY);
  });

  it.each(Object.keys(FAILURES) as FailureName[])('answers every client: %s', async (name) => {
    expect(await answerTo('fail', name)).toMatchObject({ code: FAILURES[name]().code });
  });

  it('survives and logs a failure of an event, which has no reply', async () => {
    await firstValueFrom(client.emit('fail.event', 'busy'), { defaultValue: undefined });

    expect(await answerTo('fail', 'missing')).toEqual(MISSING_BODY);
    expect(logger.lines).toEqual([{ level: 'warn', message: expect.stringContaining('SYSTEM_ERROR') }]);
  });
});
