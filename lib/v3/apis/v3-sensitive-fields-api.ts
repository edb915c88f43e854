import type { WxPaySigner } from '../../crypto/signer.js';
import type { WxPayVerifier } from '../../crypto/verifier.js';
import type { CallOptions } from '../../domain/options.js';
import type { SensitiveFieldsApi } from '../../domain/ports/apis.js';
import type { EncryptedText } from '../../domain/request.js';
import { WxPayConfigError } from '../../errors/wxpay-config-error.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { WxPayTransportError } from '../../errors/wxpay-transport-error.js';
import { Deadline } from '../../transport/deadline.js';
import type { SigningSemaphore } from '../../transport/signing-semaphore.js';
import { Steps, type KeyService } from '../../transport/steps.js';

export interface V3SensitiveFieldsOptions {
  /** Registered name of the merchant. */
  readonly merchant: string;
  readonly signer: WxPaySigner;
  readonly verifier: WxPayVerifier;
  /** Limit of concurrent signatures: decrypting uses the same key, and as much of the thread pool. */
  readonly signing: { readonly semaphore: SigningSemaphore; readonly permits: number };
  /** Time limit of a call whose options set none, in milliseconds. */
  readonly timeoutMs: number;
}

/** Passes the error of a port that names the text at fault. */
const failureOf = (error: unknown): unknown => (error instanceof WxPayInputError ? error : undefined);
const VERIFIER: KeyService<EncryptedText> = { name: 'verifier', read: encryptedText, failureOf };
const SIGNER: KeyService<string> = { name: 'signer', read: decryptedText, failureOf };

/** Encrypts with WeChat Pay's key, decrypts with the merchant's, both through the ports of the merchant. */
export class V3SensitiveFieldsApi implements SensitiveFieldsApi {
  readonly #options: V3SensitiveFieldsOptions;

  constructor(options: V3SensitiveFieldsOptions) {
    this.#options = options;
  }

  encrypt(text: string, options: CallOptions = {}): Promise<EncryptedText> {
    const { verifier } = this.#options;
    return this.#within(options, 'encrypt', (steps) =>
      steps.ask(VERIFIER, 'encrypting', ({ signal }) => {
        if (typeof verifier.encrypt === 'function') return verifier.encrypt({ text, signal });
        throw this.#missing(
          'verifier',
          'encrypt',
          'PublicKeyVerifier and PlatformCertificateVerifier have one',
        );
      }),
    );
  }

  decrypt(ciphertext: string, options: CallOptions = {}): Promise<string> {
    const { signer, signing } = this.#options;
    return this.#within(options, 'decrypt', (steps) => {
      const decrypt = (): Promise<string> =>
        steps.ask(SIGNER, 'decrypting', ({ signal }) => {
          if (typeof signer.decrypt === 'function') return signer.decrypt({ ciphertext, signal });
          throw this.#missing('signer', 'decrypt', 'RsaSigner has one');
        });
      return signer.isLocal
        ? signing.semaphore.run(steps, { signer, permits: signing.permits }, decrypt)
        : decrypt();
    });
  }

  async #within<T>(
    { signal, timeoutMs = this.#options.timeoutMs }: CallOptions,
    operation: 'encrypt' | 'decrypt',
    work: (steps: Steps) => Promise<T>,
  ): Promise<T> {
    const { merchant } = this.#options;
    const deadline = new Deadline(timeoutMs, signal);
    try {
      return await work(new Steps({ operation, subject: 'a sensitive field', merchant }, deadline));
    } catch (error) {
      if (!deadline.expired) throw error;
      throw new WxPayTransportError(
        `A sensitive field could not be ${operation}ed within ${Math.ceil(timeoutMs)} ms (most of the time went into ${deadline.slowestStep}). Check the key service.`,
        { merchant, timedOut: true },
      );
    } finally {
      deadline.stop();
    }
  }

  #missing(port: 'signer' | 'verifier', method: string, example: string): WxPayConfigError {
    const { merchant } = this.#options;
    return new WxPayConfigError(
      [`The ${port} of this merchant has no method ${method}(): add it to your ${port}. ${example}.`],
      { merchant },
    );
  }
}

function encryptedText(returned: unknown): EncryptedText {
  const { ciphertext, serialNo } = (returned ?? {}) as Readonly<Record<string, unknown>>;
  const isEncrypted =
    typeof ciphertext === 'string' &&
    /^[A-Za-z0-9+/]+={0,2}$/.test(ciphertext) &&
    typeof serialNo === 'string' &&
    /^[\x21-\x7e]{1,128}$/.test(serialNo);
  if (!isEncrypted) throw new Error('it did not return { ciphertext, serialNo } with a base64 string');
  return { ciphertext, serialNo };
}

function decryptedText(returned: unknown): string {
  if (typeof returned === 'string') return returned;
  throw new Error('it did not return a string');
}
