import { verify, type KeyObject } from 'node:crypto';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { encryptOaep } from './oaep.js';
import { readOrReport, readPublicKey, type KeyInput } from './pem.js';
import { isCertificateSerialNo, isPublicKeyId } from './public-key-id.js';
import { normalizeSerialNo } from './serial-no.js';
import { WxPayVerifier, type EncryptInput, type KeyQuery, type VerifyInput } from './verifier.js';

/**
 * Verifies with the WeChat Pay public key (微信支付公钥), or with one platform certificate that you update yourself.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053249
 */
export class PublicKeyVerifier extends WxPayVerifier {
  readonly #publicKey: KeyObject;
  readonly #publicKeyId: string;

  /**
   * @param options `publicKey` is pub_key.pem as text in any form that docs/configuration.md lists, its bytes or a
   *   KeyObject; `publicKeyId` is its identifier from the merchant console (`PUB_KEY_ID_…`), or the serial number of the
   *   certificate, also in small letters, with colons or as `serial=…`
   * @throws {WxPayConfigError} with the faults of both
   */
  constructor(options: { readonly publicKey: KeyInput; readonly publicKeyId: string }) {
    super();
    // A JavaScript caller may pass nothing; both are checked below.
    const { publicKey, publicKeyId } = options ?? {};
    const faults: string[] = [];
    const key = readOrReport(() => readPublicKey(publicKey), 'publicKey', faults);
    const id = typeof publicKeyId === 'string' ? normalizeSerialNo(publicKeyId) : '';
    if (!isPublicKeyId(id) && !isCertificateSerialNo(id)) {
      faults.push(
        'publicKeyId must be the identifier shown beside the WeChat Pay public key in the merchant console, PUB_KEY_ID_ included, or, for a platform certificate, its serial number of 40 hexadecimal characters.',
      );
    }
    if (key === undefined || faults.length > 0) throw new WxPayConfigError(faults);
    this.#publicKey = key;
    this.#publicKeyId = id;
  }

  /** Identifier of the key. @internal */
  get publicKeyId(): string {
    return this.#publicKeyId;
  }

  override acceptedSerialNo(): Promise<string> {
    return Promise.resolve(this.#publicKeyId);
  }

  override async verify({ message, signature, serialNo }: VerifyInput): Promise<boolean> {
    if (serialNo !== this.#publicKeyId) throw new WxPaySignatureError('unknown-serial');
    // Synchronous on purpose: verifying takes 17 µs, less than a round trip to the thread pool.
    const signed = typeof message === 'string' ? Buffer.from(message) : message;
    return verify('sha256', signed, this.#publicKey, Buffer.from(signature, 'base64'));
  }

  override async encrypt({ text }: EncryptInput): Promise<{ ciphertext: string; serialNo: string }> {
    return { ciphertext: encryptOaep(this.#publicKey, text), serialNo: this.#publicKeyId };
  }

  override hasKey({ serialNo }: KeyQuery): Promise<boolean> {
    return Promise.resolve(serialNo === this.#publicKeyId);
  }

  override isSameAs(other: WxPayVerifier): boolean {
    return (
      other instanceof PublicKeyVerifier &&
      other.#publicKeyId === this.#publicKeyId &&
      other.#publicKey.equals(this.#publicKey)
    );
  }
}
