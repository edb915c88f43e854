import { constants, privateDecrypt } from 'node:crypto';
import type { KeyRing } from './keys.js';
import type { CertifiedKey, MockPlatformCertificate, PlatformKey } from './platform-certificate.js';
import type { MockWxPayGatewayOptions } from '../start-options.js';

/** Signing keys of the gateway: the private half of the public key, platform certificates, or both during a migration. */
export class PlatformKeys {
  readonly #publicKey?: PlatformKey;
  readonly #preferred: 'public-key' | 'certificate';
  #certified: readonly CertifiedKey[];

  /** @param preferred key for clients that name none */
  constructor(
    publicKey: PlatformKey | undefined,
    certified: readonly CertifiedKey[],
    preferred: 'public-key' | 'certificate',
  ) {
    this.#publicKey = publicKey;
    this.#certified = certified;
    this.#preferred = preferred;
  }

  /** Certificates in service, the oldest first. */
  get certificates(): readonly MockPlatformCertificate[] {
    return this.#certified.map(({ certificate }) => certificate);
  }

  add(certified: CertifiedKey): void {
    this.#certified = [...this.#certified, certified];
  }

  /** @throws {Error} if it is the last one, or unknown */
  remove(serialNo: string): void {
    const rest = this.#certified.filter(({ id }) => id !== serialNo);
    if (rest.length === this.#certified.length) {
      throw new Error(`There is no platform certificate "${serialNo}".`);
    }
    if (rest.length === 0) {
      throw new Error('The last platform certificate cannot be removed. Call rotateCertificate() first.');
    }
    this.#certified = rest;
  }

  /** Returns true for the identifier of a key in service. */
  has(id: string): boolean {
    return id === this.#publicKey?.id || this.#certified.some((each) => each.id === id);
  }

  /**
   * Returns the signing key for a client, which may name the public key or a certificate. If it names a certificate, the
   * newest one signs.
   *
   * @param exactly sign with the named certificate itself: a client with an old certificate could not verify the list of new
   *   ones otherwise
   */
  signerFor(named: string | undefined, exactly = false): PlatformKey {
    const newest = this.#certified.at(-1);
    const key = this.#named(named, exactly) ?? this.#publicKey ?? newest;
    if (key === undefined) throw new Error('The mock gateway has no key to sign with.');
    return key;
  }

  /** Decrypts a sensitive field. @throws {Error} if the named key does not decrypt it */
  decrypt(id: string, ciphertext: string): string {
    const key = id === this.#publicKey?.id ? this.#publicKey : this.#certified.find((each) => each.id === id);
    if (key === undefined) throw new Error(`There is no platform key "${id}" in service.`);
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const { privateKey } = key;
    const encrypted = Buffer.from(ciphertext, 'base64');
    return privateDecrypt({ key: privateKey, padding, oaepHash: 'sha1' }, encrypted).toString();
  }

  #named(id: string | undefined, exactly: boolean): PlatformKey | undefined {
    const newest = this.#certified.at(-1);
    if (id === undefined) return this.#preferred === 'certificate' ? newest : this.#publicKey;
    if (id === this.#publicKey?.id) return this.#publicKey;
    return (exactly ? this.#certified.find((each) => each.id === id) : undefined) ?? newest;
  }
}

/** Creates the signing keys from the start options. */
export function createPlatformKeys(
  { platformCertificates, signWith }: MockWxPayGatewayOptions,
  { merchant: { publicKeyId }, platformPrivateKey }: KeyRing,
  certificate: CertifiedKey | undefined,
): PlatformKeys {
  const publicKey = { id: publicKeyId, privateKey: platformPrivateKey };
  return new PlatformKeys(
    platformCertificates === 'only' ? undefined : publicKey,
    certificate === undefined ? [] : [certificate],
    signWith ?? 'certificate',
  );
}
