import type { AbstractHttpAdapter } from '@nestjs/core';
import type { Answer } from './answer.js';
import type { Reception } from './reception.js';

/** What is used of the responses of Express and Fastify. */
interface PlatformResponse {
  send(body?: unknown): unknown;
  /** Fastify's only. */
  serializer?(serialize: () => string): unknown;
}

/**
 * Decides the answer without sending it: what Nest sends in the end becomes this answer, whatever interceptors of the
 * app make of the body on its way. They have their turn first, so that one that commits a transaction can still fail.
 */
export function decide(
  adapter: AbstractHttpAdapter,
  response: PlatformResponse,
  reception: Reception,
  answer: Answer,
): void {
  const isFirst = reception.answer === undefined;
  reception.answer = answer;
  adapter.status(response, answer.status);
  if (answer.contentType !== undefined) adapter.setHeader(response, 'Content-Type', answer.contentType);
  if (!isFirst) return;
  // A later decision takes the place of this one: when such an interceptor does fail.
  const body = (): string => reception.answer?.body ?? answer.body;
  if (response.serializer !== undefined) {
    response.serializer(body);
    return;
  }
  const send = response.send.bind(response);
  response.send = () => send(body());
}
