import { isSame } from '../crypto/is-same.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import type { ResolvedOptions } from './resolve-options.js';

/** Which registrations hold a merchant number, and with which credentials. */
export class MchidHolders {
  /** By number, then by name: an app may have many merchants. */
  readonly #holders = new Map<string, Map<string, ResolvedOptions>>();

  set(name: string, options: ResolvedOptions): void {
    const holders = this.#holders.get(options.mchid) ?? new Map<string, ResolvedOptions>();
    this.#holders.set(options.mchid, holders.set(name, options));
  }

  delete(name: string, mchid: string): void {
    const holders = this.#holders.get(mchid);
    holders?.delete(name);
    if (holders?.size === 0) this.#holders.delete(mchid);
  }

  /**
   * Refuses a number that another registration holds with other credentials: the keys of a tenant would else speak for the
   * merchant of another one.
   *
   * @throws {WxPayConfigError} unless the options say with `sharedMchid` that it is meant
   */
  check(name: string, options: ResolvedOptions): void {
    if (options.sharedMchid) return;
    for (const [holder, held] of this.#holders.get(options.mchid) ?? []) {
      if (holder !== name && !haveSameCredentials(held, options)) {
        throw new WxPayConfigError([taken(options.mchid, holder)], { merchant: name });
      }
    }
  }
}

/** Credentials of two APIs cannot be compared, so they are others. The appid of APIv2 is none. */
function haveSameCredentials(held: ResolvedOptions, given: ResolvedOptions): boolean {
  if (held.api === 'v2') return given.api === 'v2' && isSame(held.signer, given.signer);
  return (
    given.api === 'v3' &&
    held.signer.serialNo === given.signer.serialNo &&
    isSame(held.verifier, given.verifier)
  );
}

function taken(mchid: string, holder: string): string {
  return (
    `mchid ${mchid} is registered already, as ${JSON.stringify(holder)}, with other credentials. ` +
    'Pass the same keys, or set sharedMchid: true if both registrations are of one merchant; never take that option from a tenant.'
  );
}
