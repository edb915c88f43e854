import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { MerchantsAccess } from '../domain/ports/merchants-access.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { DEFAULT_MERCHANT } from '../rules/default-merchant.js';
import { createInternals } from './create-internals.js';
import { MchidHolders } from './mchid-holders.js';
import { internalsOf, WxPayMerchant, type MerchantInternals } from './merchant.js';
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
  /** Internals of each merchant; `replace` sets new ones, and leaves the merchant object as it is. */
  readonly #internals = new Map<string, MerchantInternals>();
  readonly #shared = createContainerState();
  readonly #closing = new Set<Promise<void>>();
  readonly #holders = new MchidHolders();
  /** Names that modules of the app registered. They are chosen by the operator, not by tenants, and may share a number. */
  readonly #ofModules = new Set<string>();
  readonly #listeners = new Set<(name: string) => void>();
  readonly #beforeClose: (() => Promise<void>)[] = [];

  /**
   * Returns the merchant of that name; without a name, the default merchant.
   *
   * @throws {WxPayConfigError} if no such merchant is registered; the message names up to ten registered ones
   */
  get(name: string = DEFAULT_MERCHANT): WxPayMerchant {
    const merchant = this.#merchants.get(name);
    if (merchant === undefined) throw notRegistered(name, this.names());
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
   * Calls `listener` with the name of each merchant that is registered from now on.
   *
   * @returns a function that ends it
   * @internal
   */
  onRegistered(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Calls `work` when the app is closed, and waits for it, before any merchant is closed.
   *
   * @internal
   */
  beforeClose(work: () => Promise<void>): void {
    this.#beforeClose.push(work);
  }

  /**
   * Replaces the options of a merchant, for example its keys. Calls in flight finish with the old options; later calls use the
   * new ones, also those of injected services. If the new options are invalid, the old ones stay.
   *
   * @returns the same object as `get`
   * @throws {WxPayConfigError} if no such merchant is registered, or with every fault of the options; also if another
   * registration holds the `mchid` with other credentials, unless `sharedMchid` is true or a module registered the merchant
   */
  replace(name: string, options: WxPayOptions): WxPayMerchant {
    const merchant = this.get(name);
    const old = internalsOf(merchant);
    const resolved = resolveOptions(name, options);
    if (!this.#ofModules.has(name)) this.#holders.check(name, resolved);
    this.#holders.delete(name, old.mchid);
    this.#put(name, resolved);
    this.#retire(old);
    return merchant;
  }

  /**
   * Removes a merchant. Its calls in flight still finish; later ones throw a WxPayConfigError.
   *
   * @returns true if the merchant was registered
   */
  unregister(name: string): boolean {
    const old = this.#internals.get(name);
    if (old === undefined) return false;
    this.#retire(old);
    this.#internals.delete(name);
    this.#holders.delete(name, old.mchid);
    this.#ofModules.delete(name);
    return this.#merchants.delete(name);
  }

  /**
   * Returns the access of services that serve all merchants. They look a merchant up for each call, so that `replace` takes
   * effect.
   *
   * @internal
   */
  access(): MerchantsAccess {
    return {
      of: (name) => internalsOf(this.get(name)),
      now: () => Date.now(),
      closing: this.#shared.closing.signal,
    };
  }

  /** Stops watches, waits for the calls in flight, then closes all connections. Nest calls it on `app.close()`. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.#beforeClose.map((work) => work()));
    this.#shared.closing.abort();
    for (const internals of this.#internals.values()) this.#retire(internals);
    await Promise.all(this.#closing);
  }

  /** @param taken fault to report if the name is already registered */
  #resolveNew(name: string, options: WxPayOptions, taken: string): ResolvedOptions {
    const faults = this.has(name) ? [taken] : [];
    if (typeof name === 'string' && name !== '') return resolveOptions(name, options, faults);
    return resolveOptions('', options, [...faults, 'name must be a non-empty string.']);
  }

  #put(name: string, options: ResolvedOptions): WxPayMerchant {
    this.#internals.set(name, createInternals(name, options, this.#shared));
    this.#holders.set(name, options);
    const known = this.#merchants.get(name);
    const merchant = known ?? this.#createMerchant(name);
    this.#merchants.set(name, merchant);
    if (known === undefined) for (const listener of this.#listeners) listener(name);
    return merchant;
  }

  #createMerchant(name: string): WxPayMerchant {
    return new WxPayMerchant({
      name,
      find: () => this.#internals.get(name),
      notRegistered: () => notRegistered(name, this.names()),
    });
  }

  #retire(internals: MerchantInternals): void {
    const closing = internals.close().finally(() => this.#closing.delete(closing));
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

function notRegistered(name: string, registered: readonly string[]): WxPayConfigError {
  const list = registered.slice(0, MAX_NAMES).map((each) => `"${each}"`);
  const others = registered.length - list.length;
  const known = `${list.join(', ') || 'none'}${others > 0 ? ` and ${others} ${others === 1 ? 'other' : 'others'}` : ''}`;
  const named = name === DEFAULT_MERCHANT ? '' : `name: '${name}', `;
  return new WxPayConfigError([
    `No WeChat Pay merchant is registered as "${name}". Registered: ${known}. Add WxPayModule.forRoot({ ${named}… }) or call merchants.register('${name}', …).${registered.length > 0 ? '' : OWN_REGISTRY}`,
  ]);
}
