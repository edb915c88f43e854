import { checkCallOptions, type CallOptions } from '../domain/options.js';
import { expectWired } from '../domain/expect-wired.js';
import type { DownloadedFile, WxPayDownload, WxPayUpload } from '../domain/files.js';
import { untilClosed } from '../domain/flows/until-closed.js';
import type { MerchantAccess } from '../domain/ports/merchant-access.js';
import type { EncryptedText, WxPayRequest } from '../domain/request.js';
import { checkSensitiveText } from '../domain/texts.js';

/** Calls any WeChat Pay endpoint that has no service of its own. Requests are signed and replies verified as everywhere else. */
export class WxPayClient {
  readonly #merchant: MerchantAccess;

  /** @internal */
  constructor(merchant: MerchantAccess) {
    expectWired('WxPayClient', merchant);
    this.#merchant = merchant;
  }

  /**
   * Sends one request through the same pipeline as the services.
   *
   * An error with `outcomeUnknown: true` means that the request may have been carried out: query its outcome before you send
   * it again.
   *
   * The signature of the reply is verified. Its shape is not checked against `T`, and it is not checked to belong to this
   * request: compare the numbers in it.
   *
   * @param request for an APIv3 merchant `{ method, path, query, body }`, for an APIv2 merchant `{ path, fields }`
   * @param options `timeoutMs` bounds the whole call (default: the merchant's, 10 000)
   * @returns the members of the reply under WeChat Pay's names; `undefined` for an empty reply
   * @throws {WxPayApiError} if WeChat Pay refuses
   * @throws {WxPaySignatureError} if the reply could not be verified
   * @throws {WxPayTransportError} if no usable reply arrived in time
   * @throws {WxPayInputError} before anything is sent, if the request is malformed
   */
  async request<T = unknown>(request: WxPayRequest, options: CallOptions = {}): Promise<T> {
    checkCallOptions(options);
    return (await this.#merchant.requests().request(request, options)) as T;
  }

  /**
   * Uploads a file. It is sent once: after an error with `outcomeUnknown: true` WeChat Pay may have it, and uploading it again
   * makes a second one. APIv3 only.
   *
   * @returns the members of the reply, such as `media_id`. Its signature is verified, its shape is not checked against `T`.
   * @throws {WxPayInputError} before anything is sent, if the upload is malformed
   * @throws {WxPayConfigError} if the merchant uses APIv2
   * @throws {WxPayError} as {@link request} does
   * @see https://pay.weixin.qq.com/doc/v3/partner/4012760432
   */
  async upload<T = unknown>(upload: WxPayUpload, options: CallOptions = {}): Promise<T> {
    checkCallOptions(options);
    return (await this.#merchant.files().upload(upload, options)) as T;
  }

  /**
   * Downloads a file, such as a bill or the picture of a complaint, to a temporary file. Dispose of it at the end. APIv3 only.
   *
   * WeChat Pay does not sign these replies. So the URL has to be of one of the merchant's hosts; if these include a host of WeChat
   * Pay, it may be of either of its hosts. Redirects are not followed, and the content is compared with `sha1` if you pass it: do
   * so wherever WeChat Pay gives one.
   *
   * @param options `timeoutMs` bounds the whole download (default 300 000); `attemptTimeoutMs` and `maxReplyBytes` of the
   *   merchant do not apply to the content
   * @throws {WxPayInputError} before anything is sent, if the URL leads elsewhere
   * @throws {WxPayApiError} if WeChat Pay refuses, after the URL has expired for example
   * @throws {WxPayProtocolError} if the content has another hash, or cannot be decompressed
   * @throws {WxPayTransportError} if it did not arrive in time, is larger than `maxBytes`, or cannot be stored
   * @throws {WxPayConfigError} if the merchant uses APIv2
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071238
   */
  async download(download: WxPayDownload, options: CallOptions = {}): Promise<DownloadedFile> {
    checkCallOptions(options);
    const signals = { signal: options.signal, closing: this.#merchant.closing() };
    return untilClosed('The download of a file', signals, (signal) =>
      this.#merchant.files().download(download, { timeoutMs: options.timeoutMs, signal }),
    );
  }

  /**
   * Encrypts a sensitive field of a request, such as a name or an account number, for WeChat Pay. APIv3 only.
   *
   * Send all encrypted fields of a request with the header `Wechatpay-Serial` of their key:
   * `request({ …, headers: { 'Wechatpay-Serial': serialNo } })`.
   *
   * @param text at most 214 bytes of UTF-8 with a key of 2048 bits
   * @throws {WxPayInputError} if the text is empty or too long
   * @throws {WxPayConfigError} if the merchant uses APIv2, or a verifier of the app has no method `encrypt`
   * @throws {WxPayTransportError} if the verifier failed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053257
   */
  async encrypt(text: string, options: CallOptions = {}): Promise<EncryptedText> {
    checkSensitiveText('text', text);
    checkCallOptions(options);
    return this.#merchant.sensitiveFields().encrypt(text, options);
  }

  /**
   * Decrypts a sensitive field of a reply with the merchant's private key. APIv3 only.
   *
   * @param ciphertext base64, as in the reply
   * @throws {WxPayInputError} if it cannot be decrypted with this key
   * @throws {WxPayConfigError} if the merchant uses APIv2, or a signer of the app has no method `decrypt`
   * @throws {WxPayTransportError} if the signer failed
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053257
   */
  async decrypt(ciphertext: string, options: CallOptions = {}): Promise<string> {
    checkSensitiveText('ciphertext', ciphertext);
    checkCallOptions(options);
    return this.#merchant.sensitiveFields().decrypt(ciphertext, options);
  }
}
