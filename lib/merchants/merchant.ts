import { inspect } from 'node:util';
import { expectWired } from '../domain/expect-wired.js';
import type { IncomingNotification, WxPayNotification } from '../domain/notification.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { redact } from '../errors/redact.js';
import type { MerchantApis } from './apis.js';
import { toReceived } from './received-notification.js';
import { createServices, type WxPayMerchantServices } from './services.js';

/** The name of the merchant that is registered without a name. */
export const DEFAULT_MERCHANT = 'default';

export interface WxPayMerchantInit {
  readonly name: string;
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  readonly internals: MerchantInternals;
}

/** The parts of a merchant that this package needs, and apps do not see. */
export interface MerchantInternals extends MerchantApis, MerchantAccess {
  /** Ends what the merchant holds once its calls are done. */
  readonly close: () => Promise<void>;
}

const INTERNALS = Symbol('nestjs-wxpay/internals');

/**
 * A registered merchant and its services. It keeps the keys it was registered with: after `replace`, get it anew.
 * Injected services follow by themselves.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- createServices makes every member, and its type says so
export class WxPayMerchant {
  readonly name: string;
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  /** @internal */
  declare readonly [INTERNALS]: MerchantInternals;

  /** @internal */
  constructor(init: WxPayMerchantInit) {
    // Nest passes nothing where an app lists this class in providers.
    expectWired('WxPayMerchant', init);
    const { name, mchid, api, internals } = init;
    this.name = name;
    this.mchid = mchid;
    this.api = api;
    Object.assign(this, createServices(internals));
    Object.defineProperty(this, INTERNALS, { value: internals });
  }

  /**
   * Verifies, decrypts and reads a notification that came some other way than to a controller; there, use
   * `@VerifyNotification()`. Answering it is up to you.
   *
   * @throws {WxPayInputError} if `body` is no bytes, or `headers` are none
   * @throws {WxPayError} if it cannot be verified, read or understood: answer it with a status of 400 or more
   */
  async readNotification(incoming: IncomingNotification): Promise<WxPayNotification> {
    return this[INTERNALS].notifications().read(toReceived(incoming));
  }

  toString(): string {
    return `WxPayMerchant "${redact(this.name)}" (mchid ${this.mchid}, API ${this.api})`;
  }

  /** Name, number and API only: what hangs below holds keys. */
  toJSON(): Record<string, unknown> {
    const { name, mchid, api } = this;
    return { name: redact(name), mchid, api };
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

// The constructor makes a member for every row of SERVICES.
export interface WxPayMerchant extends WxPayMerchantServices {}

/** The parts of a merchant that apps do not see. */
export function internalsOf(merchant: WxPayMerchant): MerchantInternals {
  return merchant[INTERNALS];
}

/** A way to the merchant that `find` returns at the time of each call: it follows `replace`. */
export function accessBy(find: () => WxPayMerchant): MerchantAccess {
  const current = (): MerchantInternals => internalsOf(find());
  return {
    orders: () => current().orders(),
    sharedOrders: () => current().sharedOrders(),
    combine: () => current().combine(),
    reversal: () => current().reversal(),
    requests: () => current().requests(),
    now: () => current().now(),
    closing: () => current().closing(),
  };
}
