import { Controller, Module, Param, Post, type ExecutionContext, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Notification, VerifyNotification, WxPayMerchants, type WxPayNotification } from 'nestjs-wxpay';

/** Where one notification arrives, and what becomes of it there. */
export interface Inbox {
  readonly url: string;
  /** What the handler was given. */
  readonly received: WxPayNotification[];
  /** Whether the handler fails. */
  isBroken: boolean;
}

/** The inboxes of an app by their number. */
class Inboxes extends Map<string, Inbox> {}

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
    if (inbox?.isBroken !== false) throw new Error('The database of the shop is gone.');
  }
}

@Module({})
class ShopModule {}

/** The app of a shop, which is told of payments at addresses that are used once. */
export class NotifiedApp {
  /** Every line that was logged. */
  readonly logged: readonly string[];
  readonly #nest: NestExpressApplication;
  readonly #url: string;
  readonly #inboxes: Inboxes;

  private constructor(
    nest: NestExpressApplication,
    url: string,
    inboxes: Inboxes,
    logged: readonly string[],
  ) {
    this.logged = logged;
    this.#nest = nest;
    this.#url = url;
    this.#inboxes = inboxes;
  }

  static async start(merchants: WxPayMerchants): Promise<NotifiedApp> {
    const inboxes = new Inboxes();
    const logged: string[] = [];
    const nest = await NestFactory.create<NestExpressApplication>(
      {
        module: ShopModule,
        controllers: [NotificationsController],
        providers: [
          { provide: WxPayMerchants, useValue: merchants },
          { provide: Inboxes, useValue: inboxes },
        ],
      },
      { rawBody: true, abortOnError: false, logger: loggerTo(logged) },
    );
    nest.useBodyParser('text', { type: ['text/xml', 'application/xml'] });
    await nest.listen(0, '127.0.0.1');
    return new NotifiedApp(nest, await nest.getUrl(), inboxes, logged);
  }

  /** A new address for a notification to a merchant. */
  inboxOf(merchant: string): Inbox {
    const number = String(this.#inboxes.size + 1);
    const inbox: Inbox = { url: `${this.#url}/notify/${merchant}/${number}`, received: [], isBroken: false };
    this.#inboxes.set(number, inbox);
    return inbox;
  }

  /** Ends the app, and its merchants with it. */
  close(): Promise<void> {
    return this.#nest.close();
  }
}

function loggerTo(lines: string[]): LoggerService {
  const log = (...parts: readonly unknown[]): void => void lines.push(parts.map(String).join(' '));
  return { log, warn: log, error: log, debug: log };
}
