import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { createMerchant } from './create-merchant.js';
import { MchidHolders } from './mchid-holders.js';
import { DEFAULT_MERCHANT, internalsOf, type WxPayMerchant } from './merchant.js';
import { resolveOptions, type ResolvedOptions } from './resolve-options.js';
import { createContainerState } from './container-state.js';
import type { WxPayOptions } from './wxpay-options.js';

/**
 * Registry of the merchants of an app. Modules register merchants at start-up, and the app may add others while it runs, for
 * example from a database. Each Nest container has one registry.
 */
@Injectable()
export class WxPayMerchants implements OnModuleDestroy {
  readonly #merchants = new Map<string, WxPayMerchant>();
  readonly #shared = createContainerState();
  readonly #closing = new Set<Promise<void>>();
  readonly #holders = new MchidHolders();
  /** Names that modules of the app registered. They are chosen by the operator, not by tenants, and may share a number. */
  readonly #ofModules = new Set<string>();

  /**
   * Returns the merchant of that name; without a name, the default merchant.
   *
   * @throws {WxPayConfigError} if no such merchant is registered; the message names up to ten registered ones
   */
  get(name: string = DEFAULT_MERCHANT): WxPayMerchant {
    const merchant = this.#merchants.get(name);
    if (merchant === undefined) throw unknownMerchant(name, this.names());
    return merchant;
  }

  has(name: string): boolean {
    return this.#merchants.has(name);
  }

  names(): readonly string[] {
    return [...this.#merchants.keys()];
  }

  /**
   * Adds a merchant while the app runs.
   *
   * @throws {WxPayConfigError} with every fault of the name and the options; also if another registration holds the `mchid`
   * with other credentials, unless `sharedMchid` is true
   */
  register(name: string, options: WxPayOptions): WxPayMerchant {
    const resolved = this.#resolveNew(name, options, TAKEN);
    this.#holders.check(name, resolved);
    return this.#put(name, resolved);
  }

  /**
   * Adds a merchant of a module of the app.
   *
   * @internal
   */
  registerOfModule(name: string, options: WxPayOptions): WxPayMerchant {
    const merchant = this.#put(name, this.#resolveNew(name, options, TAKEN_OF_MODULE));
    this.#ofModules.add(name);
    return merchant;
  }

  /**
   * Replaces the options of a merchant, for example its keys. Calls in flight finish with the old options; later calls use the
   * new ones. If the new options are invalid, the old ones stay.
   *
   * @throws {WxPayConfigError} if no such merchant is registered, or with every fault of the options; also if another
   * registration holds the `mchid` with other credentials, unless `sharedMchid` is true or a module registered the merchant
   */
  replace(name: string, options: WxPayOptions): WxPayMerchant {
    const old = this.get(name);
    const resolved = resolveOptions(name, options);
    if (!this.#ofModules.has(name)) this.#holders.check(name, resolved);
    this.#holders.delete(name, old.mchid);
    const merchant = this.#put(name, resolved);
    this.#retire(old);
    return merchant;
  }

  /**
   * Removes a merchant. Its calls in flight still finish.
   *
   * @returns true if the merchant was registered
   */
  unregister(name: string): boolean {
    const old = this.#merchants.get(name);
    if (old === undefined) return false;
    this.#retire(old);
    this.#holders.delete(name, old.mchid);
    this.#ofModules.delete(name);
    return this.#merchants.delete(name);
  }

  /** Stops watches, waits for the calls in flight, then closes all connections. Nest calls it on `app.close()`. */
  async onModuleDestroy(): Promise<void> {
    this.#shared.closing.abort();
    for (const merchant of this.#merchants.values()) this.#retire(merchant);
    await Promise.all(this.#closing);
  }

  /** @param taken fault to report if the name is already registered */
  #resolveNew(name: string, options: WxPayOptions, taken: string): ResolvedOptions {
    const faults = this.has(name) ? [taken] : [];
    if (typeof name !== 'string' || name === '') faults.push('name must be a non-empty string.');
    return resolveOptions(name, options, faults);
  }

  #put(name: string, options: ResolvedOptions): WxPayMerchant {
    const merchant = createMerchant(name, options, this.#shared);
    this.#merchants.set(name, merchant);
    this.#holders.set(name, options);
    return merchant;
  }

  #retire(merchant: WxPayMerchant): void {
    const closing = internalsOf(merchant)
      .close()
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

const TAKEN =
  'name is already registered. Give each registration a name of its own, or use merchants.replace().';
const TAKEN_OF_MODULE =
  'name is already registered. Give another merchant a name of its own. To use one merchant in a second module, register it once with isGlobal: true, or import the same WxPayModule.forRoot(…) value in both.';

/** Maximum number of names in an error: an app may have thousands of merchants. */
const MAX_NAMES = 10;

const OWN_REGISTRY =
  ' An app that lists WxPayMerchants in providers has an empty registry of its own: remove it there, WxPayModule provides it.';

function unknownMerchant(name: string, registered: readonly string[]): WxPayConfigError {
  const list = registered.slice(0, MAX_NAMES).map((each) => `"${each}"`);
  const others = registered.length - list.length;
  const known = `${list.join(', ') || 'none'}${others > 0 ? ` and ${others} others` : ''}`;
  const named = name === DEFAULT_MERCHANT ? '' : `name: '${name}', `;
  return new WxPayConfigError([
    `No WeChat Pay merchant is registered as "${name}". Registered: ${known}. Add WxPayModule.forRoot({ ${named}… }) or call merchants.register('${name}', …).${registered.length > 0 ? '' : OWN_REGISTRY}`,
  ]);
}
