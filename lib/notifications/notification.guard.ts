import {
  Inject,
  Injectable,
  Logger,
  type CanActivate,
  type ExecutionContext,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer, Reflector } from '@nestjs/core';
import { defer, firstValueFrom, throwError, timeout, type Observable } from 'rxjs';
import { logLine, redact, safeLine } from '../errors/redact.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { internalsOf, type WxPayMerchant } from '../merchants/merchant.js';
import { WxPayMerchants } from '../merchants/merchants.js';
import type { Api } from './answer.js';
import { answerAsDecided } from './answering.js';
import { hiddenEnd, routesOf, type Route } from './inner-interceptors.js';
import { warnOfLostBody } from './lost-body.js';
import { rawBodyOf, type NotificationRequest } from './raw-body.js';
import { receptionOf } from './reception.js';
import { tellOfRefusedXml } from './refused-xml.js';
import { NotificationRefused, refusalOf, UNVERIFIED, type Refusal } from './refusal.js';

/** The merchant of a route, or how to tell it from the request. */
export type NotificationMerchant = string | ((context: ExecutionContext) => string | Promise<string>);

/** Holds the guard of a route; a method's own goes before that of its class. */
export const NOTIFICATION_GUARD = Symbol('nestjs-wxpay/notification-guard');

/** WeChat Pay waits five seconds for its answer. */
const LOOK_UP_MS = 4_500;

/** Lets none but genuine notifications through. Each `@VerifyNotification()` extends it with its merchant. */
@Injectable()
export abstract class NotificationGuard implements CanActivate, OnApplicationBootstrap {
  protected abstract readonly merchant: NotificationMerchant;
  private readonly logger = new Logger('WxPayNotifications');

  constructor(
    @Inject(WxPayMerchants) private readonly merchants: WxPayMerchants,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /** @throws {WxPayConfigError} if the merchant of the route cannot have notifications, or an interceptor is in the way */
  async onApplicationBootstrap(): Promise<void> {
    const faults = [...routesOf(this.modules)]
      .filter((route) => this.guards(route))
      .flatMap((route) => hiddenEnd(this.reflector, route) ?? []);
    if (faults.length > 0) throw new WxPayConfigError(faults);
    // One that is told from the request, or added later, is checked when its first notification comes.
    if (typeof this.merchant === 'string' && this.merchants.has(this.merchant)) {
      internalsOf(this.merchants.get(this.merchant)).notifications();
    }
    await this.warnOfLostBodies();
    tellOfRefusedXml(this.adapterHost.httpAdapter, (line) => this.logger.warn(line));
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!this.guards(context)) return true;
    const request = context.switchToHttp().getRequest<NotificationRequest>();
    const reception = receptionOf(request);
    answerAsDecided(this.adapterHost.httpAdapter, context.switchToHttp().getResponse(), reception);
    reception.api = apiOf(request);
    const merchant = await this.merchantOf(context, request);
    if (this.namesOne) reception.api = merchant.api;
    let body: Uint8Array | undefined;
    try {
      body = rawBodyOf(request, merchant.api);
      reception.notification = await merchant.readNotification({ headers: request.headers, body });
      reception.api = merchant.api;
    } catch (error) {
      const refusal = this.discreet(refusalOf(error), body !== undefined);
      throw this.refuse(refusal, merchant.name, error, request);
    }
    return true;
  }

  /** Whether the route is that of one merchant, whom everyone may know. */
  private get namesOne(): boolean {
    return typeof this.merchant === 'string';
  }

  /**
   * Where the request names the merchant, a stranger is not to learn which ones exist, or how they are set up: what is not
   * verified is all answered the same, also where there is no raw body to verify. The rest only WeChat Pay hears.
   */
  private discreet(refusal: Refusal, hasBody: boolean): Refusal {
    return this.namesOne || (hasBody && refusal.status === 500) ? refusal : { ...refusal, ...UNVERIFIED };
  }

  private guards(route: Route): boolean {
    const targets = [route.getHandler(), route.getClass()];
    return this.reflector.getAllAndOverride<unknown>(NOTIFICATION_GUARD, targets) === this.constructor;
  }

  private async warnOfLostBodies(): Promise<void> {
    const api = this.expectedApi();
    if (api === undefined) return;
    const name = typeof this.merchant === 'string' ? this.merchant : undefined;
    await warnOfLostBody(api, this.adapterHost.httpAdapter, this.modules, (fault) =>
      this.logger.warn(logLine(name, fault)),
    );
  }

  /** The API of the merchants of the route; undefined as long as it may be either. */
  private expectedApi(): Api | undefined {
    const names =
      typeof this.merchant === 'string'
        ? [this.merchant].filter((name) => this.merchants.has(name))
        : this.merchants.names();
    const [api, ...others] = new Set(names.map((name) => this.merchants.get(name).api));
    return others.length === 0 ? api : undefined;
  }

  private async merchantOf(context: ExecutionContext, request: NotificationRequest): Promise<WxPayMerchant> {
    if (typeof this.merchant === 'string') {
      try {
        return this.merchants.get(this.merchant);
      } catch (error) {
        throw this.refuse(refusalOf(error), this.merchant, error, request);
      }
    }
    const name = await this.lookUp(this.merchant, context, request);
    // Without a name, the registry would give the default merchant.
    if (typeof name === 'string' && this.merchants.has(name))
      return this.readerOf(this.merchants.get(name), request);
    const given = typeof name === 'string' ? `"${redact(name)}"` : `a name of type ${typeof name}`;
    const problem = `A notification came for ${given}, which is no registered merchant. Check the notify_url of its orders.`;
    throw this.refuse({ ...UNVERIFIED, level: 'warn' }, undefined, new Error(problem), request);
  }

  /** A merchant that can have notifications; one that cannot is answered as one that nobody knows. */
  private readerOf(merchant: WxPayMerchant, request: NotificationRequest): WxPayMerchant {
    try {
      internalsOf(merchant).notifications();
      return merchant;
    } catch (error) {
      throw this.refuse({ ...UNVERIFIED, level: 'error' }, merchant.name, error, request);
    }
  }

  /** Asks the app, for no longer than WeChat Pay waits: nobody who sends something holds a connection for ever. */
  private lookUp(
    merchant: Exclude<NotificationMerchant, string>,
    context: ExecutionContext,
    request: NotificationRequest,
  ): Promise<unknown> {
    const giveUp = (): Observable<never> => {
      const problem = `The merchant of a notification was not looked up within ${LOOK_UP_MS} ms. WeChat Pay sends it again: check what the merchant function of @VerifyNotification() waits for.`;
      const error = new WxPayTransportError(problem, { timedOut: true });
      return throwError(() => this.refuse(refusalOf(error), undefined, error, request));
    };
    return firstValueFrom(
      defer(async () => merchant(context)).pipe(timeout({ first: LOOK_UP_MS, with: giveUp })),
    );
  }

  /** One line for the person on call. */
  private refuse(
    refusal: Refusal,
    merchant: string | undefined,
    error: unknown,
    { headers }: NotificationRequest,
  ): NotificationRefused {
    const requestId = headers['request-id'];
    const about = requestId === undefined ? '' : ` (Request-ID ${redact([requestId].flat().join(', '))})`;
    const problem = error instanceof Error ? safeLine(error.message) : 'A notification could not be checked.';
    this.logger[refusal.level](logLine(merchant, problem + about));
    return new NotificationRefused(refusal, error);
  }
}

/** The API whose form a message has, by what its sender says of it. */
function apiOf({ headers }: NotificationRequest): 'v3' | 'v2' {
  return /\bxml\b/i.test([headers['content-type'] ?? ''].flat().join()) ? 'v2' : 'v3';
}
