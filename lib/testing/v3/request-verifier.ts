import { verify } from 'node:crypto';
import type { ReceivedRequest } from '../http/exchange.js';
import type { KeyRing } from '../keys/keys.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import { readAuthorization, type Authorization } from './authorization.js';
import { Nonces } from '../http/nonces.js';
import { isMultipart, readMultipart } from './multipart.js';
import { unreadableRequest } from './parameter-problems.js';
import { invalidRequest, signError } from './problem.js';

const WINDOW_SECONDS = 300;

/** Verifies requests: signed by the merchant, recent, not replayed, with the headers that APIv3 requires. */
export class RequestVerifier {
  readonly #nonces = new Nonces();
  readonly #mchid: string;
  readonly #keys: KeyRing;
  readonly #platform: PlatformKeys;
  readonly #now: () => number;

  constructor({
    mchid,
    keys,
    platform,
    now,
  }: {
    readonly mchid: string;
    readonly keys: KeyRing;
    readonly platform: PlatformKeys;
    readonly now: () => number;
  }) {
    this.#mchid = mchid;
    this.#keys = keys;
    this.#platform = platform;
    this.#now = now;
  }

  /** Verifies a request. @throws {Problem} 401 for credentials, 400 for other headers */
  verify(request: ReceivedRequest): void {
    const claim = readAuthorization(headerLines(request, 'authorization'));
    this.#checkCaller(claim);
    this.#checkSignature(request, claim);
    this.#checkHeaders(request);
  }

  #checkCaller({ mchid, serialNo, timestamp }: Authorization): void {
    if (mchid !== this.#mchid) throw signError('商户号有误', { field: 'mchid', issue: 'unknown merchant' });
    // Before the signature, like the real service.
    if (Math.abs(this.#seconds() - Number(timestamp)) > WINDOW_SECONDS) {
      throw signError('Http头Authorization中的timestamp与发起请求的时间不得超过5分钟', {
        field: 'timestamp',
        issue: 'more than 5 minutes off',
      });
    }
    if (serialNo !== this.#keys.merchant.merchantSerialNo) {
      throw signError('商户证书序列号有误。请使用签名私钥匹配的证书序列号', {
        field: 'serial_no',
        issue: 'certificate serial number mismatch',
      });
    }
  }

  #checkSignature(request: ReceivedRequest, { timestamp, nonce, signature }: Authorization): void {
    // Implemented independently of the library, from the received bytes, so that only the protocol can make the two agree.
    // Of an upload, only its meta is signed.
    const body = readMultipart(request)?.meta ?? request.body;
    const head = `${request.method}\n${request.target}\n${timestamp}\n${nonce}\n`;
    const message = Buffer.concat([Buffer.from(head, 'latin1'), body, Buffer.from('\n')]);
    const key = this.#keys.merchantPublicKey;
    if (!verify('sha256', message, key, Buffer.from(signature, 'base64'))) {
      throw signError('错误的签名，验签失败', {
        field: 'signature',
        issue: 'sign not match',
        sign_information: {
          method: request.method,
          sign_message_length: message.length,
          truncated_sign_message: `${head}${body.toString('utf8').slice(0, 4)}`,
          url: request.target,
        },
      });
    }
    // After the signature, so that only the merchant can use up a nonce.
    if (!this.#nonces.use(nonce, Number(timestamp) + WINDOW_SECONDS, this.#seconds())) {
      throw signError('请求重放', { field: 'nonce_str', issue: 'nonce was used before' });
    }
  }

  #checkHeaders(request: ReceivedRequest): void {
    const { method, headers, body } = request;
    if (!/(^|,)\s*(application\/json|\*\/\*)\s*(;|,|$)/i.test(headers.accept ?? '')) {
      throw invalidRequest('Http头缺少Accept或User-Agent');
    }
    if ((headers['user-agent'] ?? '').trim() === '') throw invalidRequest('Http头缺少Accept或User-Agent');
    const isJson = /^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '');
    if (method === 'POST' && !isJson && !isMultipart(request)) {
      throw invalidRequest('Http头Content-Type必须是application/json');
    }
    if (method === 'GET' && body.length > 0) throw invalidRequest('GET请求不能带有请求报文主体');
    const serial = requestedKey(headers);
    if (serial !== undefined && !this.#platform.has(serial)) {
      throw unreadableRequest('平台证书序列号Wechatpay-Serial错误');
    }
  }

  #seconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}

/** Returns the identifier of the key that shall sign the reply. */
export function requestedKey(headers: ReceivedRequest['headers']): string | undefined {
  const serial = headers['wechatpay-serial'];
  return typeof serial === 'string' ? serial : serial?.join(',');
}

function headerLines({ rawHeaders }: ReceivedRequest, name: string): readonly string[] {
  return rawHeaders.filter((_, i) => i % 2 === 1 && rawHeaders[i - 1]?.toLowerCase() === name);
}
