import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { isSame } from './is-same.js';
import { WxPayVerifier, type VerifyInput } from './verifier.js';

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

  /**
   * Returns the serial number of the first verifier that has one. A verifier that fails is skipped, so that a failed
   * certificate download does not stop a merchant with another key.
   */
  override async acceptedSerialNo(
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<string | undefined> {
    const failures: unknown[] = [];
    for (const verifier of this.#verifiers) {
      try {
        const serialNo = await verifier.acceptedSerialNo(options);
        if (serialNo !== undefined) return serialNo;
      } catch (error) {
        options.signal?.throwIfAborted();
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    return undefined;
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

  override isSameAs(other: WxPayVerifier): boolean {
    return (
      other instanceof CombinedVerifier &&
      other.#verifiers.length === this.#verifiers.length &&
      this.#verifiers.every((verifier, index) => isSame(verifier, other.#verifiers[index]))
    );
  }
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
