import type { VerifyInput } from '../../crypto/verifier.js';
import { WxPayVerifier } from '../../crypto/verifier.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';

/** A platform certificate (平台证书) that was decrypted and checked. */
export interface PlatformCertificate {
  readonly serialNo: string;
  /** Milliseconds since the epoch. */
  readonly effectiveAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Verifies with its public key. */
  readonly verifier: WxPayVerifier;
}

/** Certificates of one download, which never change; those that have expired count as absent. */
export class PlatformCertificates extends WxPayVerifier {
  readonly #certificates: readonly PlatformCertificate[];
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(certificates: readonly PlatformCertificate[], now: () => number) {
    super();
    this.#certificates = certificates.toSorted((a, b) => b.effectiveAt - a.effectiveAt);
    this.#now = now;
  }

  /** The newest first. */
  get serialNos(): readonly string[] {
    return this.#usable().map(({ serialNo }) => serialNo);
  }

  has(serialNo: string): boolean {
    return this.#find(serialNo) !== undefined;
  }

  /** The newest that is in effect: one that is yet to come may verify, but is not asked for. */
  override acceptedSerialNo(): Promise<string | undefined> {
    const now = this.#now();
    return Promise.resolve(this.#usable().find(({ effectiveAt }) => effectiveAt <= now)?.serialNo);
  }

  override async verify(input: VerifyInput): Promise<boolean> {
    const signer = this.#find(input.serialNo);
    if (signer === undefined) throw new WxPaySignatureError('unknown-serial');
    // The verifier may write the number in another way than the list.
    const serialNo = (await signer.verifier.acceptedSerialNo()) ?? signer.serialNo;
    return signer.verifier.verify({ ...input, serialNo });
  }

  #find(wanted: string): PlatformCertificate | undefined {
    return this.#usable().find(({ serialNo }) => isSameSerialNo(serialNo, wanted));
  }

  #usable(): readonly PlatformCertificate[] {
    const now = this.#now();
    return this.#certificates.filter(({ expiresAt }) => expiresAt > now);
  }
}

/** Tells if both are the same number: they are written with and without leading zeros, in capital or small letters. */
export function isSameSerialNo(one: string, other: string): boolean {
  return significant(one) === significant(other);
}

function significant(serialNo: string): string {
  return serialNo.toUpperCase().replace(/^0+/, '');
}
