import type { ExecutionContext } from '@nestjs/common';
import { defer, firstValueFrom, throwError, timeout } from 'rxjs';
import { redact } from '../errors/redact.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { internalsOf, type WxPayMerchant } from '../merchants/merchant.js';
import type { WxPayMerchants } from '../merchants/merchants.js';
import { NOTIFICATION_TIMEOUT_MS } from '../rules/limits.js';
import type { NotificationRequest } from './raw-body.js';
import { refusalOf, refuseNotification, unverified, type NotificationRefused } from './refusal.js';

/** The merchant of a route: its name, or a function that finds the name by the request. */
export type NotificationMerchant = string | ((context: ExecutionContext) => string | Promise<string>);

type FindName = Exclude<NotificationMerchant, string>;

/**
 * Finds the merchant whose keys verify a notification.
 *
 * @throws {NotificationRefused} if there is none, or if it cannot read notifications; the reason has been logged
 */
export async function findMerchant(
  merchants: WxPayMerchants,
  merchant: NotificationMerchant,
  context: ExecutionContext,
): Promise<WxPayMerchant> {
  const request = context.switchToHttp().getRequest<NotificationRequest>();
  if (typeof merchant === 'string') return getNamed(merchants, merchant, request);
  const name = await findName(merchant, context, request);
  // Without a name, the registry would return the default merchant.
  if (typeof name !== 'string' || !merchants.has(name)) throw refuseUnknown(name, request);
  return withNotifications(merchants.get(name), request);
}

function getNamed(merchants: WxPayMerchants, merchant: string, request: NotificationRequest): WxPayMerchant {
  try {
    return merchants.get(merchant);
  } catch (error) {
    throw refuseNotification(refusalOf(error), error, { merchant, request });
  }
}

/** Calls the function of the app, with a time limit: otherwise strangers could hold connections open. */
function findName(find: FindName, context: ExecutionContext, request: NotificationRequest): Promise<unknown> {
  const timedOut = () => {
    const problem = `The merchant of a notification was not looked up within ${NOTIFICATION_TIMEOUT_MS} ms. WeChat Pay sends it again: check what the merchant function of @VerifyNotification() waits for.`;
    const error = new WxPayTransportError(problem, { timedOut: true });
    return throwError(() => refuseNotification(refusalOf(error), error, { merchant: undefined, request }));
  };
  return firstValueFrom(
    defer(async () => find(context)).pipe(timeout({ first: NOTIFICATION_TIMEOUT_MS, with: timedOut })),
  );
}

function refuseUnknown(name: unknown, request: NotificationRequest): NotificationRefused {
  const given = typeof name === 'string' ? `"${redact(name)}"` : `a name of type ${typeof name}`;
  const problem = `A notification came for ${given}, which is no registered merchant. Check the notify_url of its orders.`;
  return refuseNotification(unverified('warn'), new Error(problem), { merchant: undefined, request });
}

/** Returns a merchant that can read notifications. Any other is refused like an unknown one. */
function withNotifications(merchant: WxPayMerchant, request: NotificationRequest): WxPayMerchant {
  try {
    internalsOf(merchant).notifications();
    return merchant;
  } catch (error) {
    throw refuseNotification(unverified('error'), error, { merchant: merchant.name, request });
  }
}
