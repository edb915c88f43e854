import { randomInt } from 'node:crypto';

/** Gives out WeChat's numbers: 28 digits in the form of the real ones, each once. */
export class TransactionNumbers {
  readonly #issuer = `4200${randomInt(100_000, 1_000_000)}`;
  readonly #taken = new Set<string>();

  /**
   * Takes the number wished for, or the next.
   *
   * @throws {Error} if it is taken
   */
  take(paidAt: Date, wish = this.#next(paidAt)): string {
    if (this.#taken.has(wish))
      throw new Error(`Transaction "${wish}" belongs to another order. Use a new number.`);
    this.#taken.add(wish);
    return wish;
  }

  #next(paidAt: Date): string {
    const day = paidAt.toISOString().slice(0, 10).replaceAll('-', '');
    return `${this.#issuer}${day}${String(this.#taken.size + 1).padStart(10, '0')}`;
  }
}
