import { randomInt } from 'node:crypto';

/** Issues unique transaction numbers of 28 digits, in the format of the real ones. */
export class TransactionNumbers {
  readonly #issuer = `4200${randomInt(100_000, 1_000_000)}`;
  readonly #issued = new Set<string>();

  /**
   * Issues the given number, or the next one.
   *
   * @throws {Error} if it is taken
   */
  issue(paidAt: Date, number = this.#next(paidAt)): string {
    if (this.#issued.has(number)) {
      throw new Error(`Transaction "${number}" belongs to another order. Use a new number.`);
    }
    this.#issued.add(number);
    return number;
  }

  #next(paidAt: Date): string {
    const day = paidAt.toISOString().slice(0, 10).replaceAll('-', '');
    return `${this.#issuer}${day}${String(this.#issued.size + 1).padStart(10, '0')}`;
  }
}
