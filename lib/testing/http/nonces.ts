/** Nonces of the requests that could still be replayed. */
export class Nonces {
  readonly #expiries = new Map<string, number>();

  /** Number of stored nonces. */
  get size(): number {
    return this.#expiries.size;
  }

  /** @returns false if the nonce was already used within its lifetime */
  use(nonce: string, expiry: number, now: number): boolean {
    for (const [old, end] of this.#expiries) {
      if (end >= now) break;
      this.#expiries.delete(old);
    }
    if ((this.#expiries.get(nonce) ?? -Infinity) >= now) return false;
    this.#expiries.set(nonce, expiry);
    return true;
  }
}
