import { sign, type KeyObject } from 'node:crypto';
import { setImmediate } from 'node:timers';
import { promisify } from 'node:util';

const signInPool = promisify(sign);

/**
 * Computes RSA signatures with SHA-256, in the thread pool if there is more than one to compute.
 *
 * A single one is computed on the event loop: the way to the pool and back takes longer than it saves. The loop computes at
 * most one per turn, so that many calls at once never hold it.
 */
class RsaSignatures {
  /** Number of signatures that the thread pool computes now. */
  #inPool = 0;
  /** True from a signature on the event loop until the next turn of the loop. */
  #isTurnUsed = false;

  async sign(message: Uint8Array, key: KeyObject): Promise<Buffer> {
    if (this.#inPool === 0 && !this.#isTurnUsed) {
      this.#isTurnUsed = true;
      setImmediate(this.#nextTurn);
      return sign('sha256', message, key);
    }
    this.#inPool++;
    try {
      return await signInPool('sha256', message, key);
    } finally {
      this.#inPool--;
    }
  }

  readonly #nextTurn = (): void => {
    this.#isTurnUsed = false;
  };
}

/** The signatures of all signers: a process has one event loop and one thread pool. */
export const rsaSignatures = new RsaSignatures();
