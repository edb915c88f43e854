import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { hasKey } from './has-key.js';
import { isSame } from './is-same.js';
import { WxPayVerifier, type EncryptInput, type KeyQuery, type VerifyInput } from './verifier.js';

/**
 * Verifies with several keys, for the period in which WeChat Pay migrates a merchant from one key to another. The first
 * verifier chooses the key for replies; notifications may use any of them.
 *
 * The next verifier is tried if the serial number is unknown to the previous one, or if the previous one fails: a failed
 * certificate download says nothing about the signature. A signature that any of them finds wrong is wrong.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012154180
 */
export class CombinedVerifier extends WxPayVerifier {
  readonly #verifiers: readonly WxPayVerifier[];

  /**
   * @param verifiers in order of preference
   * @throws {WxPayConfigError} if the list is empty or contains anything but verifiers
   */
  constructor(verifiers: readonly WxPayVerifier[]) {
    super();
    if (!Array.isArray(verifiers) || verifiers.length === 0) {
      throw new WxPayConfigError([
        'verifiers must be a list of at least one WxPayVerifier: pass new CombinedVerifier([new PublicKeyVerifier(…), new PlatformCertificateVerifier(…)]).',
      ]);
    }
    const wrong = verifiers.findIndex((verifier) => !isVerifier(verifier));
    if (wrong !== -1) {
      throw new WxPayConfigError([
        `verifiers must be WxPayVerifiers with verify() and acceptedSerialNo(); number ${wrong + 1} is not.`,
      ]);
    }
    this.#verifiers = [...verifiers];
  }

  /** The verifiers, in order of preference. @internal */
  get verifiers(): readonly WxPayVerifier[] {
    return this.#verifiers;
  }

  /**
   * Returns the serial number of the first verifier that has one. A verifier that fails is skipped, so that a failed
   * certificate download does not stop a merchant with another key.
   */
  override acceptedSerialNo(
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<string | undefined> {
    return first(this.#verifiers, (verifier) => verifier.acceptedSerialNo(options), options.signal);
  }

  /**
   * Encrypts with the first verifier that can. One that fails is skipped.
   *
   * @throws {WxPayConfigError} if none has a method `encrypt`
   */
  override async encrypt(input: EncryptInput): Promise<{ ciphertext: string; serialNo: string }> {
    const encrypted = await first(
      this.#verifiers,
      async (verifier) => verifier.encrypt?.(input),
      input.signal,
    );
    if (encrypted !== undefined) return encrypted;
    throw new WxPayConfigError([
      'None of the combined verifiers can encrypt: give one of them a method encrypt(), as PublicKeyVerifier and PlatformCertificateVerifier have.',
    ]);
  }

  override async hasKey(query: KeyQuery): Promise<boolean> {
    const has = async (verifier: WxPayVerifier): Promise<true | undefined> =>
      (await hasKey(verifier, query)) || undefined;
    return (await first(this.#verifiers, has, query.signal)) ?? false;
  }

  /** @throws the first failure other than an unknown serial number, if no verifier could check the signature */
  override async verify(input: VerifyInput): Promise<boolean> {
    const failures: unknown[] = [];
    for (const verifier of this.#verifiers) {
      try {
        return await verifier.verify(input);
      } catch (error) {
        input.signal?.throwIfAborted();
        failures.push(error);
      }
    }
    throw failures.find((error) => !isUnknownSerial(error)) ?? failures.at(-1);
  }

  /** Returns the latest expiry of the verifiers; undefined if the expiry of one is not known. */
  override expiresAt(): Date | undefined {
    const expiries = this.#verifiers.map((verifier) => verifier.expiresAt?.()?.getTime());
    return expiries.every((expiry) => expiry !== undefined) ? new Date(Math.max(...expiries)) : undefined;
  }

  override isSameAs(other: WxPayVerifier): boolean {
    return (
      other instanceof CombinedVerifier &&
      other.#verifiers.length === this.#verifiers.length &&
      this.#verifiers.every((verifier, index) => isSame(verifier, other.#verifiers[index]))
    );
  }
}

/**
 * Returns the first result. A verifier that fails is skipped.
 *
 * @throws the first failure, if there is no result
 */
async function first<T>(
  verifiers: readonly WxPayVerifier[],
  work: (verifier: WxPayVerifier) => Promise<T | undefined>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  const failures: unknown[] = [];
  for (const verifier of verifiers) {
    try {
      const result = await work(verifier);
      if (result !== undefined) return result;
    } catch (error) {
      signal?.throwIfAborted();
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return undefined;
}

function isUnknownSerial(error: unknown): boolean {
  return (
    error instanceof WxPaySignatureError && error.reason === 'unknown-serial' && error.cause === undefined
  );
}

function isVerifier(value: unknown): boolean {
  const { verify, acceptedSerialNo } = (value ?? {}) as Partial<Record<keyof WxPayVerifier, unknown>>;
  return typeof verify === 'function' && typeof acceptedSerialNo === 'function';
}
