import { inspect } from 'node:util';
import { expectWired } from '../domain/expect-wired.js';
import type { IncomingNotification, WxPayNotification } from '../domain/notification.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import { redact } from '../errors/redact.js';
import type { WxPayConfigError } from '../errors/wxpay-config-error.js';
import type { MerchantApis } from './apis.js';
import { toReceived } from './received-notification.js';
import { createServices, type WxPayMerchantServices } from './services.js';

/** Parts of a merchant that its options are turned into, for this package only. `replace` creates new ones. */
export interface MerchantInternals extends MerchantApis, MerchantAccess {
  readonly mchid: string;
  readonly api: 'v3' | 'v2';
  /** Waits for the calls of the merchant, then closes its connections. */
  readonly close: () => Promise<void>;
}

/** Name of a merchant, and its place in the registry. */
export interface WxPayMerchantInit {
  readonly name: string;
  /** Returns the current internals; undefined after `unregister`. */
  readonly find: () => MerchantInternals | undefined;
  /** Creates the error for a name that is no longer registered. */
  readonly notRegistered: () => WxPayConfigError;
}

const INIT = Symbol('nestjs-wxpay/merchant');

/**
 * A registered merchant and its services, which are the injected ones. The object stands for the name: after `replace` its next
 * call uses the new options, and after `unregister` it throws a WxPayConfigError.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- createServices creates every member, and its type lists them
export class WxPayMerchant {
  readonly name: string;
  /** @internal */
  declare readonly [INIT]: WxPayMerchantInit;

  /** @internal */
  constructor(init: WxPayMerchantInit) {
    // Nest passes no argument if an app lists this class in providers.
    expectWired('WxPayMerchant', init);
    this.name = init.name;
    Object.defineProperty(this, INIT, { value: init });
    Object.assign(this, createServices(accessTo(this)));
  }

  /**
   * Merchant number (商户号).
   *
   * @throws {WxPayConfigError} if the merchant is no longer registered
   */
  get mchid(): string {
    return internalsOf(this).mchid;
  }

  /**
   * The API that the merchant uses.
   *
   * @throws {WxPayConfigError} if the merchant is no longer registered
   */
  get api(): 'v3' | 'v2' {
    return internalsOf(this).api;
  }

  /**
   * Verifies, decrypts and decodes a notification that no controller received, for example in a cloud function. In a
   * controller, use `@VerifyNotification()`. The app has to send the answer.
   *
   * @throws {WxPayInputError} if `body` is neither bytes nor a string, or if `headers` is not an object with headers
   * @throws {WxPayError} if the notification cannot be verified, decrypted or decoded: answer it with a status of 400 or more
   */
  async readNotification(incoming: IncomingNotification): Promise<WxPayNotification> {
    return internalsOf(this).notifications().read(toReceived(incoming));
  }

  toString(): string {
    const internals = this[INIT].find();
    const about =
      internals === undefined ? 'not registered' : `mchid ${internals.mchid}, API ${internals.api}`;
    return `WxPayMerchant "${redact(this.name)}" (${about})`;
  }

  /** Returns only name, number and API, because other members contain keys. */
  toJSON(): Record<string, unknown> {
    const { mchid, api } = this[INIT].find() ?? {};
    return { name: redact(this.name), mchid, api };
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

// The constructor creates a member for every row of SERVICES.
export interface WxPayMerchant extends WxPayMerchantServices {}

/**
 * Returns the current parts of a merchant, which apps have no access to.
 *
 * @throws {WxPayConfigError} if the merchant is no longer registered
 */
export function internalsOf(merchant: WxPayMerchant): MerchantInternals {
  const { find, notRegistered } = merchant[INIT];
  const internals = find();
  if (internals === undefined) throw notRegistered();
  return internals;
}

/** Creates the access of the services. Each call looks up the current internals, so that `replace` takes effect. */
function accessTo(merchant: WxPayMerchant): MerchantAccess {
  const current = (): MerchantInternals => internalsOf(merchant);
  return {
    orders: () => current().orders(),
    sharedOrders: () => current().sharedOrders(),
    combine: () => current().combine(),
    reversal: () => current().reversal(),
    refunds: () => current().refunds(),
    codePay: () => current().codePay(),
    requests: () => current().requests(),
    bills: () => current().bills(),
    files: () => current().files(),
    sensitiveFields: () => current().sensitiveFields(),
    prepay: () => current().prepay(),
    now: () => current().now(),
    closing: () => current().closing(),
  };
}
