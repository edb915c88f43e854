import { Logger } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { refused, type Answer } from './answer.js';
import type { Reception } from './reception.js';

/** What is used of the responses of Express and Fastify. */
interface PlatformResponse {
  readonly statusCode: number;
  send(body?: unknown): unknown;
}

const logger = new Logger('WxPayNotifications');

/**
 * Makes what is sent in the end the answer that was decided, whatever interceptors of the app make of status and body on
 * its way. They have their turn first, so that one that commits a transaction can still fail. What nobody decided is
 * refused: an interceptor or a filter may swallow a failure, or answer in place of the handler.
 */
export function answerAsDecided(
  adapter: AbstractHttpAdapter,
  response: PlatformResponse,
  reception: Reception,
): void {
  const send = response.send.bind(response);
  response.send = () => {
    // Once: should a hook of the platform fail on the way, its error is no notification's answer any more.
    response.send = send;
    const { status, contentType, body } = answerOf(reception, response.statusCode);
    adapter.status(response, status);
    if (contentType !== undefined) adapter.setHeader(response, 'Content-Type', contentType);
    return send(body === '' ? undefined : body);
  };
}

function answerOf({ api, notification, answer }: Reception, status: number): Answer {
  if (answer !== undefined && (answer.status >= 400 || status < 400)) return answer;
  const what =
    notification === undefined
      ? 'A notification was refused'
      : `Notification ${notification.id} was verified, but its handler did not end well`;
  logger.error(
    `${what}, so WeChat Pay sends it again. Something else answered: check the interceptors and filters of the app for ` +
      'one that swallows errors, and the handler for @Res().',
  );
  return refused(api, Math.max(status, 500), 'The notification could not be processed.');
}
