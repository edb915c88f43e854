import { beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  NotificationExchange,
  type PlatformResponse,
} from '../../../lib/notifications/notification-exchange.js';
import {
  ADAPTERS,
  platform,
  type AdapterName,
  type AppAnswer,
} from '../../support/harness/notification-app.js';
import { NotificationLog } from '../../support/harness/notification-log.js';

/** A response of either platform, as an interceptor or a filter of the app uses it. */
interface AppResponse extends PlatformResponse {
  status(code: number): this;
}

type Play = (exchange: NotificationExchange, response: AppResponse) => void;

@Module({})
class EmptyModule {}

let logger: NotificationLog;
beforeEach(() => {
  logger = new NotificationLog();
});

/** Sends one request to a route whose response is taken over before `play` runs. */
async function receive(name: AdapterName, play: Play): Promise<AppAnswer> {
  const adapter = platform(name);
  const nest = await NestFactory.create(EmptyModule, adapter, { logger });
  adapter.post('/notify', (request: object, response: AppResponse) => {
    const exchange = NotificationExchange.of(request);
    exchange.takeOver(adapter, response);
    play(exchange, response);
  });
  await nest.listen(0, '127.0.0.1');
  try {
    const reply = await fetch(`${await nest.getUrl()}/notify`, { method: 'POST' });
    return { status: reply.status, type: reply.headers.get('content-type'), body: await reply.text() };
  } finally {
    await nest.close();
  }
}

const json = (message: string) => ({
  type: 'application/json; charset=utf-8',
  body: `{"code":"FAIL","message":"${message}"}`,
});
const xml = (code: string, message: string) => ({
  type: 'text/xml; charset=utf-8',
  body: `<xml><return_code><![CDATA[${code}]]></return_code><return_msg><![CDATA[${message}]]></return_msg></xml>`,
});
const NOT_PROCESSED = 'The notification could not be processed.';
const ENVELOPE = { code: 0, message: 'taken care of' };

describe.each(ADAPTERS)('NotificationExchange.takeOver on %s', (adapter) => {
  describe.each([
    { api: 'v3', acceptance: { status: 204, type: null, body: '' }, refusal: json },
    {
      api: 'v2',
      acceptance: { status: 200, ...xml('SUCCESS', 'OK') },
      refusal: (message: string) => xml('FAIL', message),
    },
  ] as const)('over API$api', ({ api, acceptance, refusal }) => {
    const play = (act: Play): Promise<AppAnswer> =>
      receive(adapter, (exchange, response) => {
        exchange.answerIn(api);
        act(exchange, response);
      });

    it.each([200, 202, 302, 399])('sends the acceptance instead of an app response of %i', async (status) => {
      const answer = await play((exchange, response) => {
        exchange.accept();
        response.status(status).send(ENVELOPE);
      });

      expect(answer).toEqual(acceptance);
      expect(logger.lines).toEqual([]);
    });

    it.each([
      [200, 500],
      [399, 500],
      [404, 500],
      [503, 503],
    ])('refuses without a decision when the app responds %i', async (status, expected) => {
      const answer = await play((_, response) => response.status(status).send(ENVELOPE));

      expect(answer).toEqual({ status: expected, ...refusal(NOT_PROCESSED) });
      expect(logger.lines).toEqual([
        expect.stringMatching(
          /^error: A notification was refused, so WeChat Pay sends it again\. Something else answered: /,
        ),
      ]);
    });

    it.each([
      [400, 500],
      [503, 503],
    ])('refuses after an acceptance when the app responds %i', async (status, expected) => {
      const answer = await play((exchange, response) => {
        exchange.accept();
        response.status(status).send(ENVELOPE);
      });

      expect(answer).toEqual({ status: expected, ...refusal(NOT_PROCESSED) });
      expect(logger.lines).toHaveLength(1);
    });

    it('refuses when the acceptance was taken back', async () => {
      const answer = await play((exchange, response) => {
        exchange.accept();
        exchange.undecided();
        response.status(200).send(ENVELOPE);
      });

      expect(answer).toEqual({ status: 500, ...refusal(NOT_PROCESSED) });
    });

    it.each([200, 401, 500])('sends the refusal instead of an app response of %i', async (status) => {
      const answer = await play((exchange, response) => {
        exchange.refuse(401, 'The signature could not be verified.');
        response.status(status).send(ENVELOPE);
      });

      expect(answer).toEqual({ status: 401, ...refusal('The signature could not be verified.') });
      expect(logger.lines).toEqual([]);
    });

    it('sends the last decision, also one made after the response was taken over', async () => {
      const answer = await play((exchange, response) => {
        exchange.refuse(500, NOT_PROCESSED);
        exchange.accept();
        response.send();
      });

      expect(answer).toEqual(acceptance);
    });
  });

  it('logs which notification was not decided', async () => {
    await receive(adapter, (exchange, response) => {
      const createdAt = new Date('2026-11-29T10:00:00Z');
      const kind = { eventType: 'COUPON.USE', originalType: 'coupon', resource: {} } as const;
      exchange.verified({ merchant: 'default', id: 'EV-1', createdAt, ...kind });
      response.send('done');
    });

    expect(logger.lines).toEqual([
      expect.stringMatching(
        /^error: \[default\] Notification EV-1 was verified, but its handler did not end well, /,
      ),
    ]);
  });
});
