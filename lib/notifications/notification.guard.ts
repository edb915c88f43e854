import {
  Inject,
  Injectable,
  type CanActivate,
  type ExecutionContext,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer, Reflector, type AbstractHttpAdapter } from '@nestjs/core';
import type { WxPayNotification } from '../domain/notification.js';
import { internalsOf, type WxPayMerchant } from '../merchants/merchant.js';
import { WxPayMerchants } from '../merchants/merchants.js';
import { ErrorLimit } from './error-limit.js';
import { findMerchant, type NotificationMerchant } from './merchant-lookup.js';
import { NotificationExchange, type Api } from './notification-exchange.js';
import { rawBodyOf, type NotificationRequest } from './raw-body.js';
import { refusalOf, refuseNotification, unverified, type Refusal, type Refuse } from './refusal.js';
import { checkAtStartUp, type Route } from './start-up/start-up-checks.js';

/** Metadata key of the guard of a route. A guard on a method replaces the guard on its class. */
export const NOTIFICATION_GUARD = Symbol('nestjs-wxpay/notification-guard');

/** Finds the merchant of a request and lets it through if the merchant verified it. Each `@VerifyNotification()` extends it. */
@Injectable()
export abstract class NotificationGuard implements CanActivate, OnApplicationBootstrap {
  protected abstract readonly merchant: NotificationMerchant;
  private readonly errorLimit = new ErrorLimit();
  /** Refuses a notification that was not verified. */
  private readonly refuse: Refuse = (refusal, error, origin) =>
    refuseNotification(this.errorLimit.apply(refusal, error, origin.merchant), error, origin);

  constructor(
    @Inject(WxPayMerchants) private readonly merchants: WxPayMerchants,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
  ) {}

  /** @throws {WxPayConfigError} if the merchant of the route cannot read notifications, or an interceptor could hide a failure */
  async onApplicationBootstrap(): Promise<void> {
    const { merchant, merchants, modules, reflector } = this;
    const adapter = this.adapterHost.httpAdapter as AbstractHttpAdapter | undefined;
    const isGuarded = (route: Route): boolean => this.guards(route);
    await checkAtStartUp({ merchant, merchants, modules, reflector, adapter, isGuarded });
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (!this.guards(context)) return true;
    const http = context.switchToHttp();
    const request = http.getRequest<NotificationRequest>();
    const exchange = NotificationExchange.of(request);
    exchange.takeOver(this.adapterHost.httpAdapter, http.getResponse());
    exchange.answerIn(apiOf(request));
    const { merchants, refuse } = this;
    const merchant = await findMerchant({ merchants, merchant: this.merchant, refuse }, context);
    const { api } = merchant;
    exchange.addressTo(merchant.name);
    // Where the request names the merchant, its API is not told to strangers.
    if (this.isOfOneMerchant) exchange.answerIn(api);
    exchange.verified(await this.verify(merchant, request));
    exchange.answerIn(api);
    return true;
  }

  private async verify(merchant: WxPayMerchant, request: NotificationRequest): Promise<WxPayNotification> {
    let isVerified = false;
    const onVerified = (): void => {
      isVerified = true;
    };
    try {
      const body = rawBodyOf(request, merchant.api);
      const reader = internalsOf(merchant).notifications();
      return await reader.read({ headers: request.headers, body }, onVerified);
    } catch (error) {
      const refusal = refusalOf(error);
      const origin = { merchant: merchant.name, request };
      // A stranger cannot cause a failure after the verification.
      if (isVerified) throw refuseNotification(refusal, error, origin);
      throw this.refuse(this.discreet(refusal), error, origin);
    }
  }

  /** True if all notifications of the route are for the same merchant, whose name is no secret. */
  private get isOfOneMerchant(): boolean {
    return typeof this.merchant === 'string';
  }

  /**
   * Hides from strangers which merchants exist: if the request names the merchant, every unverified notification gets the same
   * answer, also if the configuration is at fault. WeChat Pay repeats its own after any status of 400 or more, and the log has the fault.
   */
  private discreet(refusal: Refusal): Refusal {
    return this.isOfOneMerchant ? refusal : unverified(refusal.level);
  }

  private guards(route: Route): boolean {
    const targets = [route.getHandler(), route.getClass()];
    return this.reflector.getAllAndOverride<unknown>(NOTIFICATION_GUARD, targets) === this.constructor;
  }
}

/** Returns the API whose form a message has, by its content type. */
function apiOf({ headers }: NotificationRequest): Api {
  return /\bxml\b/i.test([headers['content-type'] ?? ''].flat().join()) ? 'v2' : 'v3';
}
