import type { AbstractHttpAdapter, ModulesContainer } from '@nestjs/core';
import type { Api } from './answer.js';
import { lostBodyOnExpress, type LostBody } from './express-parsers.js';
import { keepsJsonOnFastify } from './fastify-parsers.js';
import { KEEP_RAW_BODY } from './raw-body.js';

const VERIFY = 'json({ verify: (req, _res, buf) => { req.rawBody = buf } })';
const NOT_KEPT =
  'The JSON parser of this app does not keep the raw body, so that no notification can be verified';
const ON_EXPRESS: Readonly<Record<LostBody, string>> = {
  'no-parser': `No body parser of this app reads JSON, so that no notification can be verified. ${KEEP_RAW_BODY} and without bodyParser: false, or add app.use(${VERIFY}).`,
  'parser-of-a-path': `app.use(path, express.json()) switches Nest's own JSON parser off, for all paths, so that no notification can be verified. Add app.use(${VERIFY}) below it, and pass verify to it if notifications come to its path.`,
  'parser-without-raw-body': `${NOT_KEPT}. A parser of its own, app.use(express.json(…)), takes the place of Nest's: call app.useBodyParser('json', …) instead, or pass verify, ${VERIFY}. ${KEEP_RAW_BODY}, for Nest's own.`,
};
const XML_ON_EXPRESS =
  "No body parser of this app reads the XML of APIv2, so that no notification can be verified. Call app.useBodyParser('text', { type: ['text/xml', 'application/xml'] }) after creating the app.";

/**
 * Warns before the first notification comes if the app will not keep its body; does nothing where that cannot be known.
 *
 * @param warn takes what is wrong, and what to do
 */
export async function warnOfLostBody(
  api: Api,
  adapter: AbstractHttpAdapter | undefined,
  modules: ModulesContainer,
  warn: (fault: string) => void,
): Promise<void> {
  const platform = adapter?.getType();
  if (platform === 'express' && !hasMiddleware(modules)) {
    const fault = await lostOnExpress(api, adapter?.getInstance() ?? {});
    if (fault !== undefined) warn(fault);
  }
  if (platform === 'fastify') warnOnceReady(api, adapter?.getInstance(), warn);
}

async function lostOnExpress(api: Api, application: object): Promise<string | undefined> {
  const lost = await lostBodyOnExpress(application, api === 'v2' ? 'text/xml' : 'application/json');
  if (lost === undefined) return undefined;
  return api === 'v2' ? XML_ON_EXPRESS : ON_EXPRESS[lost];
}

interface Fastify {
  addHook(name: 'onReady', hook: () => Promise<void>): unknown;
  hasContentTypeParser(type: string): boolean;
}

/** Plugins add parsers and hooks until Fastify is ready, which is after Nest has started. */
function warnOnceReady(api: Api, fastify: Fastify | undefined, warn: (fault: string) => void): void {
  fastify?.addHook('onReady', async () => {
    const fault = await lostOnFastify(api, fastify);
    if (fault !== undefined) warn(fault);
  });
}

async function lostOnFastify(api: Api, fastify: Fastify): Promise<string | undefined> {
  if (api === 'v2') return xmlRefusal(fastify);
  return (await keepsJsonOnFastify(fastify)) === false
    ? `${NOT_KEPT}. ${KEEP_RAW_BODY}, or let the parser of the app keep it.`
    : undefined;
}

/**
 * What to do about a server that may refuse XML before any handler sees it; undefined if it does not. Fastify tells of
 * parsers by the type that they were added for, and of none for patterns or for all types.
 */
function xmlRefusal(fastify: Fastify): string | undefined {
  if (fastify.hasContentTypeParser('text/xml')) return undefined;
  return "Fastify answers 415 to the XML of APIv2, unless a parser for all types or a pattern takes it. Call app.useBodyParser(['text/xml', 'application/xml']) after creating the app with { rawBody: true }.";
}

/** Middleware of modules may keep the raw body; on Express some of it cannot be told from routes. */
function hasMiddleware(modules: ModulesContainer): boolean {
  return [...modules.values()].some(({ metatype }) => 'configure' in (metatype.prototype as object));
}
