import type { AbstractHttpAdapter } from '@nestjs/core';
import { redact } from '../../errors/redact.js';
import { logger } from '../notification-log.js';

interface Reply {
  readonly statusCode: number;
}

interface Request {
  readonly method: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly routeOptions?: { readonly url?: string };
}

interface Fastify {
  addHook(name: 'onResponse', hook: (request: Request, reply: Reply) => Promise<void>): unknown;
}

const WATCHED = new WeakSet();

/**
 * Logs each XML message to which Fastify answers 415. No guard and no handler sees such a message, so nothing else reports
 * a notification of APIv2 that comes to an app for APIv3.
 */
export function logRefusedXml(adapter: AbstractHttpAdapter | undefined): void {
  if (adapter?.getType() !== 'fastify') return;
  const fastify = adapter.getInstance<Fastify>();
  if (WATCHED.has(fastify)) return;
  WATCHED.add(fastify);
  fastify.addHook('onResponse', async (request, { statusCode }) => {
    const type = [request.headers['content-type']].flat().join();
    if (statusCode === 415 && /\bxml\b/i.test(type)) logger.warn(lineOf(request));
  });
}

function lineOf({ method, routeOptions }: Request): string {
  const route = redact(routeOptions?.url ?? 'an unknown route');
  return `Fastify answered 415 to XML at ${method} ${route}, before any handler saw it. If that is a notify_url, it was a notification of APIv2: its order was placed over APIv2. Give such orders the notify_url of a route whose merchant has api: 'v2', and call app.useBodyParser(['text/xml', 'application/xml']), or place them over APIv3.`;
}
