import { inspect } from 'node:util';
import { expectWired } from '../domain/expect-wired.js';
import type { IncomingNotification, WxPayNotification } from '../domain/notification.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { redact } from '../errors/redact.js';
import type { MerchantApis } from './apis.js';
import { toReceived } from './received-notification.js';
import { createServices, type WxPayMerchantServices } from './services.js';

/** Name of the merchant that is registered without a name. */
export const DEFAULT_MERCHANT = 'default';

export interface WxPayMerchantInit {
  readonly name: string;
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  readonly internals: MerchantInternals;
}

/** Parts of a merchant for this package only. */
export interface MerchantInternals extends MerchantApis, MerchantAccess {
  /** Waits for the calls of the merchant, then closes its connections. */
  readonly close: () => Promise<void>;
}

const INTERNALS = Symbol('nestjs-wxpay/internals');

/**
 * A registered merchant and its services. The object keeps the keys it was registered with: after `replace`, get the merchant
 * again. Injected services use the new keys without that.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- createServices creates every member, and its type lists them
export class WxPayMerchant {
  readonly name: string;
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  /** @internal */
  declare readonly [INTERNALS]: MerchantInternals;

  /** @internal */
  constructor(init: WxPayMerchantInit) {
    // Nest passes no argument if an app lists this class in providers.
    expectWired('WxPayMerchant', init);
    const { name, mchid, api, internals } = init;
    this.name = name;
    this.mchid = mchid;
    this.api = api;
    Object.assign(this, createServices(internals));
    Object.defineProperty(this, INTERNALS, { value: internals });
  }

  /**
   * Verifies, decrypts and decodes a notification that no controller received, for example in a cloud function. In a
   * controller, use `@VerifyNotification()`. The app has to send the answer.
   *
   * @throws {WxPayInputError} if `body` is neither bytes nor a string, or if `headers` is not an object with headers
   * @throws {WxPayError} if the notification cannot be verified, decrypted or decoded: answer it with a status of 400 or more
   */
  async readNotification(incoming: IncomingNotification): Promise<WxPayNotification> {
    return this[INTERNALS].notifications().read(toReceived(incoming));
  }

  toString(): string {
    return `WxPayMerchant "${redact(this.name)}" (mchid ${this.mchid}, API ${this.api})`;
  }

  /** Returns only name, number and API, because other members contain keys. */
  toJSON(): Record<string, unknown> {
    const { name, mchid, api } = this;
    return { name: redact(name), mchid, api };
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

// The constructor creates a member for every row of SERVICES.
export interface WxPayMerchant extends WxPayMerchantServices {}

/** Returns the parts of a merchant that apps have no access to. */
export function internalsOf(merchant: WxPayMerchant): MerchantInternals {
  return merchant[INTERNALS];
}

/** Creates the access to a merchant. Each call gets the merchant from `find`, so that `replace` takes effect. */
export function accessBy(find: () => WxPayMerchant): MerchantAccess {
  const current = (): MerchantInternals => internalsOf(find());
  return {
    orders: () => current().orders(),
    sharedOrders: () => current().sharedOrders(),
    combine: () => current().combine(),
    reversal: () => current().reversal(),
    requests: () => current().requests(),
    sensitiveFields: () => current().sensitiveFields(),
    now: () => current().now(),
    closing: () => current().closing(),
  };
}
