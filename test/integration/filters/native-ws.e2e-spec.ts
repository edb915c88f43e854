import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { WsAdapter } from '@nestjs/platform-ws';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { type Observable, throwError } from 'rxjs';
import { WebSocket } from 'ws';
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

  @SubscribeMessage('fail.closed')
  async failOnceClosed(@ConnectedSocket() client: WebSocket): Promise<never> {
    const closed = once(client, 'close');
    client.close();
    await closed;
    throw FAILURES.busy();
  }

  @SubscribeMessage('echo')
  echo(@MessageBody() text: string): { event: string; data: string } {
    return { event: 'echo', data: text };
  }
}

@Module({ providers: [OrdersGateway] })
class App {}

describe('WxPayExceptionFilter in a native WebSocket gateway', () => {
  const logger = new RecordingLogger();
  let app: INestApplication;
  let client: WebSocket;

  const connect = async (): Promise<WebSocket> => {
    const socket = new WebSocket((await app.getUrl()).replace(/^http/, 'ws'));
    await once(socket, 'open');
    return socket;
  };

  const answerTo = async (event: string, data: string): Promise<unknown> => {
    const answered = once(client, 'message');
    client.send(JSON.stringify({ event, data }));
    const [message] = await answered;
    return JSON.parse(String(message));
  };

  beforeAll(async () => {
    app = await NestFactory.create(App, { logger });
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    client = await connect();
  });
  afterEach(() => {
    logger.lines.length = 0;
  });
  afterAll(async () => {
    client.close();
    await app.close();
  });

  it.each(['fail', 'fail.later', 'fail.stream'])('sends the body after %s', async (event) => {
    expect(await answerTo(event, 'missing')).toEqual({ event: 'exception', data: MISSING_BODY });
  });

  it.each(Object.keys(FAILURES) as FailureName[])('answers %s and keeps the process alive', async (name) => {
    expect(await answerTo('fail', name)).toMatchObject({ data: { code: FAILURES[name]().code } });
    expect(await answerTo('echo', 'still here')).toEqual({ event: 'echo', data: 'still here' });
  });

  it('keeps the process alive when the client has disconnected', async () => {
    const leaving = await connect();

    leaving.send(JSON.stringify({ event: 'fail.closed', data: '' }));
    await once(leaving, 'close');

    expect(await answerTo('echo', 'still here')).toEqual({ event: 'echo', data: 'still here' });
    expect(logger.lines).toEqual([{ level: 'warn', message: expect.stringContaining('SYSTEM_ERROR') }]);
  });

  it('logs a failure that the client cannot correct', async () => {
    await answerTo('fail', 'missing');
    await answerTo('fail', 'unauthorized');

    expect(logger.lines).toEqual([{ level: 'error', message: expect.stringContaining('SIGN_ERROR') }]);
  });
});
