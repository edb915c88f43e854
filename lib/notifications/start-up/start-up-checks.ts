import type { ExecutionContext, Type } from '@nestjs/common';
import {
  MetadataScanner,
  type AbstractHttpAdapter,
  type ModulesContainer,
  type Reflector,
} from '@nestjs/core';
import { LogEntry } from '../../errors/log-entry.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { internalsOf } from '../../merchants/merchant.js';
import type { WxPayMerchants } from '../../merchants/merchants.js';
import type { NotificationMerchant } from '../merchant-lookup.js';
import type { Api } from '../notification-exchange.js';
import { logger } from '../notification-log.js';
import { NotificationInterceptor } from '../notification.interceptor.js';
import { KEEP_RAW_BODY } from '../raw-body.js';
import { lostBodyOnExpress, type LostBody } from './express-parsers.js';
import { keepsJsonOnFastify } from './fastify-parsers.js';
import { logRefusedXml } from './refused-xml.js';

/** A handler of a controller. */
export interface Route {
  readonly getClass: () => Type;
  readonly getHandler: ExecutionContext['getHandler'];
}

/** A guard of notifications, and its app. */
export interface GuardedApp {
  readonly merchant: NotificationMerchant;
  readonly merchants: WxPayMerchants;
  readonly modules: ModulesContainer;
  readonly reflector: Reflector;
  /** Undefined in an application context without a server. */
  readonly adapter: AbstractHttpAdapter | undefined;
  /** Returns true if this guard protects the route. */
  isGuarded(route: Route): boolean;
}

/** Metadata key of `@UseInterceptors()`. Nest does not export it, and has not changed it since version 10. */
const INTERCEPTORS = '__interceptors__';

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
const XML_ON_FASTIFY =
  "Fastify answers 415 to the XML of APIv2, unless a parser for all types or a pattern takes it. Call app.useBodyParser(['text/xml', 'application/xml']) after creating the app with { rawBody: true }.";

/**
 * Checks the routes of a guard before their first notification comes, and warns if the app will not keep its body.
 *
 * @throws {WxPayConfigError} if the merchant of the route cannot read notifications, or if an interceptor could hide a failure
 */
export async function checkAtStartUp(app: GuardedApp): Promise<void> {
  const { merchant, merchants, modules, reflector, adapter } = app;
  const faults = [...routesOf(modules)]
    .filter((route) => app.isGuarded(route))
    .flatMap((route) => findInnerInterceptor(reflector, route) ?? []);
  if (faults.length > 0) throw new WxPayConfigError(faults);
  // A merchant that the request names, or that is added later, is checked when its first notification comes.
  if (typeof merchant === 'string' && merchants.has(merchant)) {
    internalsOf(merchants.get(merchant)).notifications();
  }
  await warnIfBodyIsLost(app);
  logRefusedXml(adapter);
}

/** Lists the methods of all controllers, which include all routes. */
function* routesOf(modules: ModulesContainer): Iterable<Route> {
  const scanner = new MetadataScanner();
  for (const { controllers } of modules.values()) {
    for (const { metatype } of controllers.values()) {
      // Sound: controllers are classes, no factories.
      const controller = metatype as Type;
      const prototype = controller.prototype as Record<string, ReturnType<Route['getHandler']>>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (handler !== undefined) yield { getClass: () => controller, getHandler: () => handler };
      }
    }
  }
}

/** Finds an interceptor between ours and the handler, which could hide that the handler failed; returns the fault. */
function findInnerInterceptor(reflector: Reflector, route: Route): string | undefined {
  // In the order in which Nest runs them: the outermost first.
  const interceptors = reflector.getAllAndMerge<unknown[]>(INTERCEPTORS, [
    route.getClass(),
    route.getHandler(),
  ]);
  const inner = interceptors
    .slice(interceptors.indexOf(NotificationInterceptor))
    .find((interceptor) => interceptor !== NotificationInterceptor);
  if (inner === undefined) return undefined;
  const name = `${route.getClass().name}.${route.getHandler().name}`;
  return `${nameOf(inner)} runs between @VerifyNotification() and ${name}, and could hide from WeChat Pay that the handler failed. Write @VerifyNotification() on the method, not on its class, and above @UseInterceptors().`;
}

function nameOf(interceptor: unknown): string {
  const type = typeof interceptor === 'function' ? interceptor : Object(interceptor).constructor;
  return String(type.name);
}

/** Warns if the app will not keep the raw body; does nothing where that cannot be known. */
async function warnIfBodyIsLost({ merchant, merchants, modules, adapter }: GuardedApp): Promise<void> {
  const api = expectedApi(merchant, merchants);
  if (api === undefined) return;
  const warn = (fault: string | undefined): void => {
    if (fault === undefined) return;
    logger.warn(new LogEntry(fault, { merchant: typeof merchant === 'string' ? merchant : undefined }));
  };
  const platform = adapter?.getType();
  if (platform === 'express' && !hasMiddleware(modules)) {
    warn(await lostOnExpress(api, adapter?.getInstance()));
  }
  if (platform === 'fastify') {
    // Plugins add parsers and hooks until Fastify is ready, which is after Nest has started.
    const fastify = adapter?.getInstance<Fastify>();
    fastify?.addHook('onReady', async () => warn(await lostOnFastify(api, fastify)));
  }
}

/** Returns the API of the merchants of the route; undefined as long as it may be either. */
function expectedApi(merchant: NotificationMerchant, merchants: WxPayMerchants): Api | undefined {
  const names =
    typeof merchant === 'string' ? [merchant].filter((name) => merchants.has(name)) : merchants.names();
  const [api, ...others] = new Set(names.map((name) => merchants.get(name).api));
  return others.length === 0 ? api : undefined;
}

/** Middleware of modules may keep the raw body; on Express some of it cannot be told from routes. */
function hasMiddleware(modules: ModulesContainer): boolean {
  return [...modules.values()].some(({ metatype }) => 'configure' in (metatype.prototype as object));
}

async function lostOnExpress(api: Api, application: object = {}): Promise<string | undefined> {
  const lost = await lostBodyOnExpress(application, api === 'v2' ? 'text/xml' : 'application/json');
  if (lost === undefined) return undefined;
  return api === 'v2' ? XML_ON_EXPRESS : ON_EXPRESS[lost];
}

interface Fastify {
  addHook(name: 'onReady', hook: () => Promise<void>): unknown;
  hasContentTypeParser(type: string): boolean;
}

async function lostOnFastify(api: Api, fastify: Fastify): Promise<string | undefined> {
  if (api === 'v2') return xmlRefusal(fastify);
  return (await keepsJsonOnFastify(fastify)) === false
    ? `${NOT_KEPT}. ${KEEP_RAW_BODY}, or let the parser of the app keep it.`
    : undefined;
}

/** Detects a server that may refuse XML. Fastify lists parsers by their type only, not those for patterns or all types. */
function xmlRefusal(fastify: Fastify): string | undefined {
  return fastify.hasContentTypeParser('text/xml') ? undefined : XML_ON_FASTIFY;
}
