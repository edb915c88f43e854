import { WxPayVerifier, type VerifyInput } from '../../crypto/verifier.js';
import type { PlatformCertificates } from './platform-certificates.js';

/** A list that was downloaded: opened once, and not before its signature is verified or, to vouch for itself, looked at. */
export class DownloadedList extends WxPayVerifier {
  readonly #open: () => PlatformCertificates;
  #opened: PlatformCertificates | undefined;
  /** Why it could not be opened, if it was tried. */
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
