import { WxPayVerifier, type EncryptInput, type KeyQuery, type VerifyInput } from '../../crypto/verifier.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { WxPaySignatureError } from '../../errors/wxpay-signature-error.js';

/** Decrypted and checked platform certificate (平台证书). */
export interface PlatformCertificate {
  readonly serialNo: string;
  /** Milliseconds since the epoch. */
  readonly effectiveAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Verifies with the public key of the certificate. */
  readonly verifier: WxPayVerifier;
}

/** Immutable set of certificates from one download; expired certificates count as absent. */
export class PlatformCertificates extends WxPayVerifier {
  readonly #certificates: readonly PlatformCertificate[];
  readonly #now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(certificates: readonly PlatformCertificate[], now: () => number) {
    super();
    this.#certificates = certificates.toSorted((a, b) => b.effectiveAt - a.effectiveAt);
    this.#now = now;
  }

  /** Serial numbers, the newest first. */
  get serialNos(): readonly string[] {
    return this.#usable().map(({ serialNo }) => serialNo);
  }

  has(serialNo: string): boolean {
    return this.#find(serialNo) !== undefined;
  }

  /** Returns the newest serial number in effect. A certificate of the future may verify, but is not requested. */
  override acceptedSerialNo(): Promise<string | undefined> {
    return Promise.resolve(this.#newest()?.serialNo);
  }

  /** Encrypts with the newest certificate in effect. @throws {WxPayConfigError} if none is in effect */
  override async encrypt(input: EncryptInput): Promise<{ ciphertext: string; serialNo: string }> {
    const { serialNo = '', verifier } = this.#newest() ?? {};
    const encrypted = await verifier?.encrypt?.(input);
    if (encrypted !== undefined) return { ...encrypted, serialNo };
    throw new WxPayConfigError([
      'No platform certificate is in effect, so nothing can be encrypted: check the clock of this machine.',
    ]);
  }

  override hasKey({ serialNo }: KeyQuery): Promise<boolean> {
    return Promise.resolve(this.has(serialNo));
  }

  /** Returns the latest expiry of the certificates, which may be in the past; undefined if there is none. */
  override expiresAt(): Date | undefined {
    const expiries = this.#certificates.map(({ expiresAt }) => expiresAt);
    return expiries.length === 0 ? undefined : new Date(Math.max(...expiries));
  }

  override async verify(input: VerifyInput): Promise<boolean> {
    const signer = this.#find(input.serialNo);
    if (signer === undefined) throw new WxPaySignatureError('unknown-serial');
    // The verifier may write the number in another form than the list.
    const serialNo = (await signer.verifier.acceptedSerialNo()) ?? signer.serialNo;
    return signer.verifier.verify({ ...input, serialNo });
  }

  #newest(): PlatformCertificate | undefined {
    const now = this.#now();
    return this.#usable().find(({ effectiveAt }) => effectiveAt <= now);
  }

  #find(wanted: string): PlatformCertificate | undefined {
    return this.#usable().find(({ serialNo }) => isSameSerialNo(serialNo, wanted));
  }

  #usable(): readonly PlatformCertificate[] {
    const now = this.#now();
    return this.#certificates.filter(({ expiresAt }) => expiresAt > now);
  }
}

/** Tells whether two serial numbers are equal, ignoring leading zeros and case. */
export function isSameSerialNo(one: string, other: string): boolean {
  return significant(one) === significant(other);
}

function significant(serialNo: string): string {
  return serialNo.toUpperCase().replace(/^0+/, '');
}
