import { WxPayVerifier, type VerifyInput } from '../../crypto/verifier.js';
import type { PlatformCertificates } from './platform-certificates.js';

/**
 * Downloaded list of certificates. It is decrypted once, either after its signature is verified or to verify that signature
 * itself.
 */
export class DownloadedList extends WxPayVerifier {
  readonly #open: () => PlatformCertificates;
  #opened: PlatformCertificates | undefined;
  /** Error from `open`, if it failed. */
  failure: unknown;

  /** @param open decrypts and checks the list; throws if it cannot be used */
  constructor(open: () => PlatformCertificates) {
    super();
    this.#open = open;
  }

  get certificates(): PlatformCertificates {
    try {
      return (this.#opened ??= this.#open());
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  override acceptedSerialNo(): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }

  /** Verifies the list with its own certificates. */
  override async verify(input: VerifyInput): Promise<boolean> {
    return this.certificates.verify(input);
  }
}
