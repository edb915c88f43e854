import {
  Controller,
  HttpCode,
  Module,
  Post,
  type DynamicModule,
  type INestApplication,
  type NestApplicationOptions,
  type Provider,
  type Type,
} from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  Notification,
  VerifyNotification,
  WxPayModule,
  type VerifyNotificationOptions,
  type WxPayExtras,
  type WxPayNotification,
  type WxPayOptions,
} from 'nestjs-wxpay';
import type { SignedNotification } from '../signing/signed-notification.js';

export type AdapterName = 'Express' | 'Fastify';

export const ADAPTERS: readonly AdapterName[] = ['Express', 'Fastify'];

/** What the handler of the app was given, and what it does about it. */
export interface Shop {
  readonly received: WxPayNotification[];
  /** What the handler returns, or throws. */
  handle: () => unknown;
}

export interface NotificationAppOptions {
  readonly adapter: AdapterName;
  readonly merchants: readonly (WxPayOptions & WxPayExtras)[];
  readonly verify?: VerifyNotificationOptions;
  /** Of the route; the default takes any merchant in its last part. */
  readonly path?: string;
  readonly app?: NestApplicationOptions;
  readonly providers?: readonly Provider[];
  /** Beside the merchants. */
  readonly imports?: readonly Type[];
  /** In place of the one with a single route. */
  readonly controllers?: readonly Type[];
  readonly configure?: (app: INestApplication) => void;
}

/** The answer of the app to WeChat Pay. */
export interface AppAnswer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

export interface NotificationApp extends AsyncDisposable {
  readonly nest: INestApplication;
  readonly shop: Shop;
  send(notification: SignedNotification, path?: string): Promise<AppAnswer>;
  close(): Promise<void>;
}

/** An app whose route wants notifications, listening. */
export async function startNotificationApp(options: NotificationAppOptions): Promise<NotificationApp> {
  const shop: Shop = { received: [], handle: () => 'done' };
  const { adapter, path = 'notify', configure, app: appOptions, providers = [], imports = [] } = options;
  const controllers = options.controllers ?? [controllerOf(shop, options.verify, path)];
  const nest = await NestFactory.create(
    moduleOf(options.merchants, [...imports], [...controllers], [...providers]),
    platform(adapter),
    { logger: false, abortOnError: false, rawBody: true, ...appOptions },
  );
  configure?.(nest);
  await nest.listen(0, '127.0.0.1');
  const url = await nest.getUrl();
  return {
    nest,
    shop,
    async send({ headers, body }, to = 'notify') {
      const reply = await fetch(`${url}/${to}`, { method: 'POST', headers, body: new Uint8Array(body) });
      return { status: reply.status, type: reply.headers.get('content-type'), body: await reply.text() };
    },
    close: () => nest.close(),
    [Symbol.asyncDispose]: () => nest.close(),
  };
}

/** Lets XML through, as the guide says for each platform. */
export function readXml(app: INestApplication, adapter: AdapterName): void {
  const types = ['text/xml', 'application/xml'];
  if (adapter === 'Express') (app as NestExpressApplication).useBodyParser('text', { type: types });
  else (app as NestFastifyApplication).useBodyParser(types);
}

export function platform(adapter: AdapterName): AbstractHttpAdapter {
  return adapter === 'Express' ? new ExpressAdapter() : new FastifyAdapter();
}

function controllerOf(shop: Shop, verify: VerifyNotificationOptions | undefined, path: string): Type {
  @Controller()
  class NotificationsController {
    @Post(path)
    @HttpCode(201)
    @VerifyNotification(verify)
    receive(@Notification() notification: WxPayNotification): unknown {
      shop.received.push(notification);
      return shop.handle();
    }
  }
  return NotificationsController;
}

function moduleOf(
  merchants: NotificationAppOptions['merchants'],
  others: Type[],
  controllers: Type[],
  providers: Provider[],
): DynamicModule {
  @Module({})
  class ShopModule {}
  const imports = [...merchants.map((options) => WxPayModule.forRoot(options)), ...others];
  return { module: ShopModule, imports, controllers, providers };
}
