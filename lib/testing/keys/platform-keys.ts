import type { KeyRing } from './keys.js';
import type { CertifiedKey, MockPlatformCertificate, PlatformKey } from './platform-certificate.js';
import type { MockWxPayGatewayOptions } from '../start-options.js';

/** What the gateway signs with: a public key's other half, platform certificates, or both while merchants migrate. */
export class PlatformKeys {
  readonly #publicKey?: PlatformKey;
  readonly #preferred: 'public-key' | 'certificate';
  #certified: readonly CertifiedKey[];

  /** @param preferred signs for clients that name no key */
  constructor(
    publicKey: PlatformKey | undefined,
    certified: readonly CertifiedKey[],
    preferred: 'public-key' | 'certificate',
  ) {
    this.#publicKey = publicKey;
    this.#certified = certified;
    this.#preferred = preferred;
  }

  /** In service, the oldest first. */
  get certificates(): readonly MockPlatformCertificate[] {
    return this.#certified.map(({ certificate }) => certificate);
  }

  add(certified: CertifiedKey): void {
    this.#certified = [...this.#certified, certified];
  }

  /** @throws {Error} if it is the last one, or none of them */
  remove(serialNo: string): void {
    const rest = this.#certified.filter(({ id }) => id !== serialNo);
    if (rest.length === this.#certified.length)
      throw new Error(`There is no platform certificate "${serialNo}".`);
    if (rest.length === 0)
      throw new Error('The last platform certificate cannot be removed. Call rotateCertificate() first.');
    this.#certified = rest;
  }

  /** Whether it is the identifier of a key in service. */
  knows(id: string): boolean {
    return id === this.#publicKey?.id || this.#certified.some((each) => each.id === id);
  }

  /**
   * The key that signs for a client, which may name the public key or a certificate. Of the certificates the newest
   * signs, whichever is named.
   *
   * @param exactly sign with the very certificate named: only so can who holds an old one believe the list of new ones
   */
  signerFor(named: string | undefined, exactly = false): PlatformKey {
    const newest = this.#certified.at(-1);
    const key = this.#named(named, exactly) ?? this.#publicKey ?? newest;
    if (key === undefined) throw new Error('The mock gateway has no key to sign with.');
    return key;
  }

  #named(id: string | undefined, exactly: boolean): PlatformKey | undefined {
    const newest = this.#certified.at(-1);
    if (id === undefined) return this.#preferred === 'certificate' ? newest : this.#publicKey;
    if (id === this.#publicKey?.id) return this.#publicKey;
    return (exactly ? this.#certified.find((each) => each.id === id) : undefined) ?? newest;
  }
}

/** The keys that a gateway is started with. */
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
