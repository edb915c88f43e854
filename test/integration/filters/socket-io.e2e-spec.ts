import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { type Observable, throwError } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import { WxPayExceptionFilter } from '../../../lib/filters/wxpay-exception.filter.js';
import { FAILURES, type FailureName, MISSING_BODY } from './failures.js';
import { RecordingLogger } from './recording-logger.js';

@WebSocketGateway()
@UseFilters(WxPayExceptionFilter)
class OrdersGateway {
  @SubscribeMessage('fail')
  fail(@MessageBody() name: FailureName): never {
    throw FAILURES[name]();
  }

  @SubscribeMessage('fail.later')
  async failLater(@MessageBody() name: FailureName): Promise<never> {
    throw FAILURES[name]();
  }

  @SubscribeMessage('fail.stream')
  failInStream(@MessageBody() name: FailureName): Observable<never> {
    return throwError(() => FAILURES[name]());
  }

  @SubscribeMessage('echo')
  echo(@MessageBody() text: string): string {
    return text;
  }
}

@Module({ providers: [OrdersGateway] })
class App {}

describe('WxPayExceptionFilter in a Socket.IO gateway', () => {
  const logger = new RecordingLogger();
  let app: INestApplication;
  let client: Socket;

  beforeAll(async () => {
    app = await NestFactory.create(App, { logger });
    app.useWebSocketAdapter(new IoAdapter(app));
    await app.listen(0, '127.0.0.1');
    client = io(await app.getUrl(), { transports: ['websocket'] });
    await new Promise<void>((resolve) => {
      client.once('connect', () => resolve());
    });
  });
  afterEach(() => {
    logger.lines.length = 0;
  });
  afterAll(async () => {
    client.close();
    await app.close();
  });

  const exception = async (): Promise<unknown> =>
    new Promise((resolve) => {
      client.once('exception', resolve);
    });

  it.each(['fail', 'fail.later', 'fail.stream'])('emits the body after %s', async (event) => {
    const emitted = exception();

    client.emit(event, 'missing');

    expect(await emitted).toEqual(MISSING_BODY);
  });

  it('acknowledges with the body, too, if the client requested an acknowledgement', async () => {
    const emitted = exception();

    const acknowledged: unknown = await client.timeout(5_000).emitWithAck('fail', 'missing');

    expect(acknowledged).toEqual(MISSING_BODY);
    expect(await emitted).toEqual(MISSING_BODY);
  });

  it.each(Object.keys(FAILURES) as FailureName[])('answers %s and keeps the process alive', async (name) => {
    const failed: unknown = await client.timeout(5_000).emitWithAck('fail', name);

    expect(failed).toMatchObject({ code: FAILURES[name]().code });
    expect(await client.timeout(5_000).emitWithAck('echo', 'still here')).toBe('still here');
  });

  it('logs a failure that the client cannot correct', async () => {
    await client.timeout(5_000).emitWithAck('fail', 'missing');
    await client.timeout(5_000).emitWithAck('fail', 'unauthorized');

    expect(logger.lines).toEqual([{ level: 'error', message: expect.stringContaining('SIGN_ERROR') }]);
  });
});
