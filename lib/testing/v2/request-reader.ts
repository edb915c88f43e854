import { timingSafeEqual } from 'node:crypto';
import { parseXml, UnreadableXml, type V2Fields } from '../../v2/xml.js';
import type { ReceivedRequest } from '../http/exchange.js';
import { Nonces } from '../http/nonces.js';
import { BILL_PATH } from './bill-route.js';
import { messageRefusal } from './refusal.js';
import { signatureOf, type SignType } from './signature.js';

/** Merchant that may send requests, with its key. */
export interface V2Merchant {
  readonly mchid: string;
  readonly appid: string;
  readonly apiV2Key: string;
  /** True for a service provider, whose requests have to name a sub-merchant. */
  readonly serviceProvider: boolean;
}

/** Request with a valid signature of the merchant. Empty fields count as absent. */
export interface AuthenticatedRequest {
  readonly fields: V2Fields;
  readonly signType: SignType;
}

const NONCE_LIFETIME_SECONDS = 600;

/** Parses and authenticates APIv2 requests. */
export class RequestReader {
  readonly #nonces = new Nonces();
  readonly #merchant: V2Merchant;
  readonly #now: () => number;

  constructor(merchant: V2Merchant, now: () => number) {
    this.#merchant = merchant;
    this.#now = now;
  }

  /** Parses and authenticates a request. @throws {V2Refusal} with layer `message` */
  read(request: ReceivedRequest): AuthenticatedRequest {
    const fields = readMessage(request);
    this.#checkMerchant(fields);
    const { nonce_str: nonce = '', sign_type: signType = 'MD5', sign = '' } = fields;
    if (!/^[\x21-\x7e]{1,32}$/.test(nonce)) throw messageRefusal('PARAM_ERROR', 'nonce_str参数长度有误');
    if (!isSignType(signType)) throw messageRefusal('PARAM_ERROR', 'sign_type参数不正确');
    if (sign === '') throw messageRefusal('LACK_PARAMS', '缺少参数sign');
    if (!isSame(sign, signatureOf(fields, signType, this.#merchant.apiV2Key))) {
      throw messageRefusal('SIGNERROR', '签名错误，请检查后再试');
    }
    const mayNameNone = !this.#merchant.serviceProvider || request.target === BILL_PATH;
    if (!mayNameNone && fields.sub_mch_id === undefined) {
      throw messageRefusal('NOAUTH', '受理机构必须传入sub_mch_id');
    }
    // Check the nonce after the signature, so that only the merchant can use one up. The real service does not check nonces.
    const now = Math.floor(this.#now() / 1000);
    if (!this.#nonces.use(nonce, now + NONCE_LIFETIME_SECONDS, now)) {
      throw messageRefusal('INVALID_REQUEST', '请求重放：nonce_str已使用');
    }
    return { fields, signType };
  }

  #checkMerchant({ appid, mch_id: mchid }: V2Fields): void {
    if (appid === undefined) throw messageRefusal('LACK_PARAMS', '缺少参数appid');
    if (mchid === undefined) throw messageRefusal('LACK_PARAMS', '缺少参数mch_id');
    if (mchid !== this.#merchant.mchid) throw messageRefusal('MCHID_NOT_EXIST', 'mch_id参数格式错误');
    if (appid !== this.#merchant.appid) {
      throw messageRefusal('APPID_MCHID_NOT_MATCH', '商户号mch_id与appid不匹配');
    }
  }
}

function readMessage({ method, headers, body }: ReceivedRequest): V2Fields {
  if (method !== 'POST') throw messageRefusal('REQUIRE_POST_METHOD', '请使用post方法');
  if (body.length === 0) throw messageRefusal('POST_DATA_EMPTY', 'post数据为空');
  if (!/^(text|application)\/xml\s*(;|$)/i.test(headers['content-type'] ?? '')) {
    throw messageRefusal('XML_FORMAT_ERROR', 'Content-Type不是text/xml');
  }
  try {
    const given = Object.entries(parseXml(body)).filter(([, value]) => value !== '');
    return Object.fromEntries(given);
  } catch (error) {
    if (!(error instanceof UnreadableXml)) throw error;
    throw messageRefusal('XML_FORMAT_ERROR', 'XML格式错误');
  }
}

function isSignType(value: string): value is SignType {
  return value === 'MD5' || value === 'HMAC-SHA256';
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
