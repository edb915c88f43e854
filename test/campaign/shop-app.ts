import { inspect } from 'node:util';
import {
  Controller,
  Module,
  Param,
  Post,
  type DynamicModule,
  type ExecutionContext,
  type INestApplication,
  type LoggerService,
  type NestApplicationOptions,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Notification, VerifyNotification, WxPayMerchants, type WxPayNotification } from 'nestjs-wxpay';

/** How an app reads what comes in: parsed, as most do, or nothing but bytes. */
export const PLATFORMS = ['Express', 'Express with raw bodies', 'Fastify'] as const;

export type Platform = (typeof PLATFORMS)[number];

/** Where one notification arrives, and what becomes of it there. */
export interface Inbox {
  readonly url: string;
  /** What the handler was given. */
  readonly received: WxPayNotification[];
  /** How the handler fails, if it does. */
  fail: (() => never) | undefined;
}

/** The inboxes of an app, by number. */
class Inboxes extends Map<string, Inbox> {}

const XML_TYPES = ['text/xml', 'application/xml'];

const merchantOf = (context: ExecutionContext): string =>
  context.switchToHttp().getRequest<{ params: { merchant: string } }>().params.merchant;

@Controller()
class NotificationsController {
  constructor(private readonly inboxes: Inboxes) {}

  @Post('notify/:merchant/:inbox')
  @VerifyNotification({ merchant: merchantOf })
  async receive(
    @Param('inbox') number: string,
    @Notification() notification: WxPayNotification,
  ): Promise<void> {
    const inbox = this.inboxes.get(number);
    inbox?.received.push(notification);
    inbox?.fail?.();
  }
}

@Module({})
class ShopModule {}

interface Parts {
  readonly nest: INestApplication;
  readonly url: string;
  readonly inboxes: Inboxes;
  readonly logged: readonly string[];
}

/** The app of a shop that is notified of payments, of each at an address of its own. */
export class ShopApp {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** An app for the notifications of these merchants, listening. */
  static async start(platform: Platform, merchants: WxPayMerchants): Promise<ShopApp> {
    const inboxes = new Inboxes();
    const logged: string[] = [];
    const module = {
      module: ShopModule,
      controllers: [NotificationsController],
      providers: [
        { provide: WxPayMerchants, useValue: merchants },
        { provide: Inboxes, useValue: inboxes },
      ],
    };
    const nest = await create(platform, module, { abortOnError: false, logger: loggerTo(logged) });
    await nest.listen(0, '127.0.0.1');
    return new ShopApp({ nest, url: await nest.getUrl(), inboxes, logged });
  }

  /** All that was logged, line by line. */
  get logged(): readonly string[] {
    return this.#parts.logged;
  }

  /** A new address for a notification to a merchant. */
  inboxOf(merchant: string): Inbox {
    const { url, inboxes } = this.#parts;
    const number = String(inboxes.size + 1);
    const inbox: Inbox = { url: `${url}/notify/${merchant}/${number}`, received: [], fail: undefined };
    inboxes.set(number, inbox);
    return inbox;
  }

  close(): Promise<void> {
    return this.#parts.nest.close();
  }
}

async function create(
  platform: Platform,
  module: DynamicModule,
  options: NestApplicationOptions,
): Promise<INestApplication> {
  if (platform === 'Fastify') {
    const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), {
      ...options,
      rawBody: true,
    });
    return app.useBodyParser(XML_TYPES);
  }
  const isRaw = platform === 'Express with raw bodies';
  const app = await NestFactory.create<NestExpressApplication>(module, {
    ...options,
    ...(isRaw ? { bodyParser: false } : { rawBody: true }),
  });
  return isRaw
    ? app.useBodyParser('raw', { type: () => true })
    : app.useBodyParser('text', { type: XML_TYPES });
}

function loggerTo(lines: string[]): LoggerService {
  const textOf = (part: unknown): string =>
    typeof part === 'string' ? part : inspect(part, { depth: 9, showHidden: true });
  const log = (...parts: readonly unknown[]): void => void lines.push(parts.map(textOf).join(' '));
  return { log, fatal: log, error: log, warn: log, debug: log, verbose: log };
}
