import { WxPayVerifier, type VerifyInput } from '../../crypto/verifier.js';
import type { PlatformCertificates } from './platform-certificates.js';

/**
 * Downloaded list of certificates. It is decrypted once, either after its signature is verified or to verify that signature
 * itself.
 */
export class DownloadedList extends WxPayVerifier {
  readonly #decrypt: () => PlatformCertificates;
  #decrypted: PlatformCertificates | undefined;
  /** Error from `decrypt`, if it failed. */
  failure: unknown;

  /** @param decrypt decrypts and checks the list; throws if it cannot be used */
  constructor(decrypt: () => PlatformCertificates) {
    super();
    this.#decrypt = decrypt;
  }

  get certificates(): PlatformCertificates {
    try {
      return (this.#decrypted ??= this.#decrypt());
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
