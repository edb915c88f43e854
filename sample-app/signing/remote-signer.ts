import { WxPaySigner } from 'nestjs-wxpay';
import { SigningServiceError } from './signing-service-error.js';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Lets a service in front of a KMS or an HSM sign, so that the private key never enters this process.
 *
 * The service takes `POST { serialNo, algorithm, message }` and answers `{ signature }` in base64. Prove this app to it
 * as your platform does: mutual TLS, a token, a mesh.
 */
export class RemoteSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo: string;
  readonly #url: string;

  constructor({ url, serialNo }: { readonly url: string; readonly serialNo: string }) {
    super();
    this.#url = url;
    this.serialNo = serialNo;
  }

  /** @throws {SigningServiceError} if no signature came; `signal.reason` if the call was given up */
  override async sign({ message, signal }: Parameters<WxPaySigner['sign']>[0]): Promise<string> {
    try {
      return await this.#requestSignature(message, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof SigningServiceError) throw error;
      throw new SigningServiceError('The signing service could not be reached.', { cause: error });
    }
  }

  async #requestSignature(message: string, signal?: AbortSignal): Promise<string> {
    const { serialNo, algorithm } = this;
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ serialNo, algorithm, message }),
      // What is to be signed goes to the configured service only.
      redirect: 'error',
      signal,
    });
    const { status } = response;
    const reply = await response.text();
    if (!response.ok) {
      throw new SigningServiceError(`The signing service answered HTTP ${status}.`, { status });
    }
    const signature = signatureIn(reply);
    if (signature === undefined) {
      throw new SigningServiceError('The signing service answered without a signature.', { status });
    }
    return signature;
  }
}

/** The signature in `{ "signature": "…" }`. */
function signatureIn(reply: string): string | undefined {
  try {
    const { signature }: { signature?: unknown } = JSON.parse(reply) as object;
    return typeof signature === 'string' && BASE64.test(signature) ? signature : undefined;
  } catch {
    return undefined;
  }
}
