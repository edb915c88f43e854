import type { KeyObject } from 'node:crypto';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { OaepDecryptor } from './oaep.js';
import { readOrReport, readPrivateKey, type KeyInput } from './pem.js';
import { rsaSignatures } from './rsa-signatures.js';
import { normalizeSerialNo } from './serial-no.js';
import { WxPaySigner } from './signer.js';

/** Signs and decrypts with a private key held in memory. The key is parsed once. Both run in the thread pool, except a single signature. */
export class RsaSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo: string;
  override readonly isLocal = true;
  readonly #privateKey: KeyObject;
  readonly #decryptor: OaepDecryptor;

  /**
   * @param options `privateKey` is apiclient_key.pem (PKCS#8 or PKCS#1) as text in any form that docs/configuration.md
   *   lists, its bytes or a KeyObject; `serialNo` is the serial number of the merchant API certificate, 40 hexadecimal
   *   characters, also with colons or as `serial=…`
   * @throws {WxPayConfigError} with the faults of both
   */
  constructor(options: { readonly privateKey: KeyInput; readonly serialNo: string }) {
    super();
    // A JavaScript caller may pass nothing; both are checked below.
    const { privateKey, serialNo } = options ?? {};
    const faults: string[] = [];
    const key = readOrReport(() => readPrivateKey(privateKey), 'privateKey', faults);
    const number = typeof serialNo === 'string' ? normalizeSerialNo(serialNo) : '';
    if (!/^[0-9A-F]{1,64}$/.test(number)) {
      faults.push(
        'serialNo must be the hexadecimal serial number of the merchant API certificate: see "openssl x509 -in apiclient_cert.pem -noout -serial".',
      );
    }
    if (key === undefined || faults.length > 0) throw new WxPayConfigError(faults);
    this.#privateKey = key;
    this.#decryptor = new OaepDecryptor(key);
    this.serialNo = number;
  }

  override async sign({ message }: { readonly message: string }): Promise<string> {
    return (await rsaSignatures.sign(Buffer.from(message), this.#privateKey)).toString('base64');
  }

  override decrypt({ ciphertext }: { readonly ciphertext: string }): Promise<string> {
    return this.#decryptor.decrypt(ciphertext);
  }

  override isSameAs(other: WxPaySigner): boolean {
    return other instanceof RsaSigner && this.#privateKey.equals(other.#privateKey);
  }
}
