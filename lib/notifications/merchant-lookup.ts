import type { ExecutionContext } from '@nestjs/common';
import { defer, firstValueFrom, throwError, timeout } from 'rxjs';
import { redact } from '../errors/redact.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import type { WxPayMerchant } from '../merchants/merchant.js';
import type { WxPayMerchants } from '../merchants/merchants.js';
import { NOTIFICATION_TIMEOUT_MS } from '../rules/limits.js';
import type { NotificationRequest } from './raw-body.js';
import { refusalOf, unverified, type NotificationRefused, type Refuse } from './refusal.js';

/** The merchant of a route: its name, or a function that finds the name by the request. */
export type NotificationMerchant = string | ((context: ExecutionContext) => string | Promise<string>);

/** Parts with which a merchant is found. */
export interface MerchantLookup {
  readonly merchants: WxPayMerchants;
  readonly merchant: NotificationMerchant;
  readonly refuse: Refuse;
}

type FindName = Exclude<NotificationMerchant, string>;

/**
 * Finds the merchant whose keys verify a notification.
 *
 * @throws {NotificationRefused} if there is none; the reason has been logged
 */
export async function findMerchant(
  { merchants, merchant, refuse }: MerchantLookup,
  context: ExecutionContext,
): Promise<WxPayMerchant> {
  const request = context.switchToHttp().getRequest<NotificationRequest>();
  if (typeof merchant === 'string') {
    try {
      return merchants.get(merchant);
    } catch (error) {
      throw refuse(refusalOf(error), error, { merchant, request });
    }
  }
  const name = await findName(merchant, context, (error) =>
    refuse(refusalOf(error), error, { merchant: undefined, request }),
  );
  // Without a name, the registry would return the default merchant.
  if (typeof name !== 'string' || !merchants.has(name)) {
    throw refuse(unverified('warn'), unknownMerchant(name), { merchant: undefined, request });
  }
  return merchants.get(name);
}

/** Calls the function of the app, with a time limit: otherwise strangers could hold connections open. */
function findName(
  find: FindName,
  context: ExecutionContext,
  refuse: (error: WxPayTransportError) => NotificationRefused,
): Promise<unknown> {
  const timedOut = () => {
    const problem = `The merchant of a notification was not looked up within ${NOTIFICATION_TIMEOUT_MS} ms. WeChat Pay sends it again: check what the merchant function of @VerifyNotification() waits for.`;
    const error = new WxPayTransportError(problem, { timedOut: true });
    return throwError(() => refuse(error));
  };
  return firstValueFrom(
    defer(async () => find(context)).pipe(timeout({ first: NOTIFICATION_TIMEOUT_MS, with: timedOut })),
  );
}

function unknownMerchant(name: unknown): Error {
  const given = typeof name === 'string' ? `"${redact(name)}"` : `a name of type ${typeof name}`;
  return new Error(
    `A notification came for ${given}, which is no registered merchant. Check the notify_url of its orders.`,
  );
}
