/**
 * Keeps the errors of a model: each is made once, and thrown again for the same key. Models throw hundreds of thousands of
 * errors, and making one (stack, redaction) takes longer than the rest of the flow.
 */
export class KeptErrors<T extends Error> {
  readonly #errors = new Map<string, T>();

  get(key: string, make: () => T): T {
    const kept = this.#errors.get(key) ?? make();
    this.#errors.set(key, kept);
    return kept;
  }
}
