import type { WxPaySigner } from '../crypto/signer.js';
import type { Waiter } from '../transport/semaphore.js';
import type { SigningSemaphore } from '../transport/signing-semaphore.js';
import type { KeyService, Steps } from '../transport/steps.js';

/** Limit of the signatures that this process computes concurrently. */
export interface SigningLimit {
  readonly semaphore: SigningSemaphore;
  readonly permits: number;
}

const SIGNER: KeyService<string> = { name: 'signer', read: base64Of };

/** The merchant's signer, within the limit of concurrent signatures. A remote signer computes nothing here and has no limit. */
export class BoundedSigner {
  readonly #signer: WxPaySigner;
  readonly #limit: SigningLimit | undefined;

  /** @param limit default: none */
  constructor(signer: WxPaySigner, limit?: SigningLimit) {
    this.#signer = signer;
    this.#limit = limit;
  }

  /** Runs work that signs, as soon as the limit allows it. */
  async withPermit<T>(waiter: Waiter, work: () => Promise<T>): Promise<T> {
    const signer = this.#signer;
    if (this.#limit === undefined || !signer.isLocal) return work();
    const { semaphore, permits } = this.#limit;
    return semaphore.run(waiter, { signer, permits }, work);
  }

  /** Signs a message; only within {@link withPermit}. */
  sign(message: string, steps: Pick<Steps, 'ask'>): Promise<string> {
    return steps.ask(SIGNER, 'signing', (control) =>
      this.#signer.sign({
        message,
        get signal() {
          return control.signal;
        },
      }),
    );
  }
}

/** Checks the signer's result. Any other value would be sent as a string and refused as a wrong signature. */
function base64Of(signature: unknown): string {
  if (typeof signature === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return signature;
  throw new Error('it did not return a base64 string');
}
