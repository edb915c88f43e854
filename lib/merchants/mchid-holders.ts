import { isSame } from '../crypto/is-same.js';
import type { WxPaySigner } from '../crypto/signer.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import type { ResolvedOptions } from './resolve-options.js';

/** Registrations by merchant number, with their credentials. */
export class MchidHolders {
  /** Options by number, then by name, so that a check stays fast with many merchants. */
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
   * Refuses a number that another registration holds with other credentials. Otherwise a tenant could act for the merchant of
   * another tenant with its own keys.
   *
   * @throws {WxPayConfigError} unless the option `sharedMchid` allows it
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

/**
 * Tells whether two registrations have the same credentials. Those of APIv2 and APIv3 cannot be compared and count as
 * different. The appid of APIv2 is not a credential.
 */
function haveSameCredentials(held: ResolvedOptions, given: ResolvedOptions): boolean {
  if (held.api === 'v2') return given.api === 'v2' && isSame(held.signer, given.signer);
  return (
    given.api === 'v3' &&
    held.signer.serialNo === given.signer.serialNo &&
    !areKnownToDiffer(held.signer, given.signer) &&
    (held.apiV3Key ?? given.apiV3Key) === (given.apiV3Key ?? held.apiV3Key) &&
    isSame(held.verifier, given.verifier)
  );
}

/** Signers that cannot be compared, such as two of a key service, are told apart by their serial numbers only. */
function areKnownToDiffer(one: WxPaySigner, other: WxPaySigner): boolean {
  return one !== other && (one.isSameAs?.(other) ?? other.isSameAs?.(one)) === false;
}

function taken(mchid: string, holder: string): string {
  return (
    `mchid ${mchid} is registered already, as ${JSON.stringify(holder)}, with other credentials. ` +
    'Pass the same keys, or set sharedMchid: true if both registrations are of one merchant; never take that option from a tenant.'
  );
}
