import { afterAll, beforeAll } from '@jest/globals';
import {
  HmacSha256Signer,
  Md5Signer,
  WxPayMerchants,
  type WxPayMerchant,
  type WxPayV2Options,
} from 'nestjs-wxpay';
import { Transformer } from 'wechatpay-axios-plugin';
import { signatureByHand, xmlByHand } from '../signing/hand-signed-v2.js';
import { createPlatformKey } from '../fixtures/platform-keys.js';
import { startRawServer, type RawServer } from './raw-server.js';
import type { RealPayload } from '../fixtures/real-payloads.js';

const KEY = '192006250b4c09247ec02edce69f6a2d';
const MERCHANT = { mch_id: '1361137001', appid: 'wx5a0c3b1e77d2f904' };

type Fields = Readonly<Record<string, string>>;

/** A payload of APIv2 as it is sent: signed with the test's key, otherwise as received. */
export interface SentPayload {
  readonly text: string;
  /** Of the text, as another client's parser reads them. */
  readonly fields: Fields;
  /** The merchant that it is sent to. */
  readonly merchant: WxPayMerchant;
}

/** A server that answers with real payloads of APIv2, alive for the tests of one file. */
export interface V2PayloadServer {
  /** Signs a payload and registers the merchant that it names. */
  prepare(payload: RealPayload): SentPayload;
  /** Answers the query, the close or the reversal of an order with a payload. */
  ask(payload: RealPayload, operation?: string): Promise<unknown>;
}

/** Starts the server before the tests of a file and ends everything after them. */
export function useV2PayloadServer(): V2PayloadServer {
  const merchants = new WxPayMerchants();
  let server: RawServer;
  let clientCertificate: WxPayV2Options['clientCertificate'];
  let registered = 0;

  beforeAll(async () => {
    const { certificatePem: cert, privatePem: key } = await createPlatformKey();
    clientCertificate = { cert, key };
    server = await startRawServer();
  });
  afterAll(async () => {
    await merchants.onModuleDestroy();
    server.stop();
  });

  const register = (
    { mch_id: mchid = MERCHANT.mch_id, appid = MERCHANT.appid }: Fields,
    payload: RealPayload,
  ) =>
    merchants.register(`shop-${++registered}`, {
      api: 'v2',
      mchid: payload.options?.mchid ?? mchid,
      appid: payload.options?.appid ?? appid,
      signer: isHmac(payload) ? new HmacSha256Signer({ key: KEY }) : new Md5Signer({ key: KEY }),
      clientCertificate,
      hosts: [server.url],
      maxAttempts: 1,
      sharedMchid: true,
    });

  const prepare = (payload: RealPayload): SentPayload => {
    const received = fieldsOf(payload.payload);
    const text = withSign(payload.payload, signatureOf(received, payload));
    return { text, fields: fieldsOf(text), merchant: register(received, payload) };
  };

  return {
    prepare,
    ask(payload, operation = payload.options?.operation) {
      const { text, fields, merchant } = prepare(payload);
      const contentType = payload.options?.contentType ?? 'text/xml';
      let reversals = 0;
      server.answer((response, request) => {
        const isLook = request.url === '/pay/orderquery' && operation !== 'query';
        if (request.url === '/secapi/pay/reverse') reversals++;
        response.writeHead(200, { 'content-type': contentType });
        response.end(isLook ? lookOf(fields, stateOf(payload, operation, reversals), payload) : text);
      });
      const { sub_mch_id: subMchid } = fields;
      const ref = { outTradeNo: fields.out_trade_no ?? 'REAL1', ...(subMchid ? { subMchid } : {}) };
      if (operation === 'close') return merchant.orderClose.close(ref);
      if (operation === 'reverse') return merchant.orderReverse.reverse(ref, { timeoutMs: 1_500 });
      return merchant.orderQuery.query(ref);
    },
  };
}

/** The state that a query shows before and after what the payload answers. */
function stateOf(
  { expect: expected }: RealPayload,
  operation: string | undefined,
  reversals: number,
): string {
  if (operation === 'close') return 'CLOSED';
  if (expected?.outcome === 'expired') return 'SUCCESS';
  if (expected?.outcome !== 'reversed' || reversals === 0) return 'USERPAYING';
  // Only a closed order proves that it was never paid.
  return expected.refunded === false ? 'CLOSED' : 'REVOKED';
}

/** The answer to a query before or after the call that the payload answers. */
function lookOf(
  { mch_id, appid, sub_mch_id, out_trade_no }: Fields,
  state: string,
  payload: RealPayload,
): string {
  const paid = { transaction_id: '4200000001202601010000000001', total_fee: '1', time_end: '20260101000000' };
  const fields = {
    return_code: 'SUCCESS',
    result_code: 'SUCCESS',
    mch_id: mch_id ?? MERCHANT.mch_id,
    appid: appid ?? MERCHANT.appid,
    nonce_str: 'n',
    out_trade_no: out_trade_no ?? 'REAL1',
    trade_state: state,
    trade_type: 'MICROPAY',
    ...(state === 'SUCCESS' ? paid : {}),
    ...(sub_mch_id ? { sub_mch_id } : {}),
  };
  return xmlByHand({ ...fields, sign: signatureOf(fields, payload) });
}

function isHmac({ options }: RealPayload): boolean {
  return options?.signType === 'HMAC-SHA256';
}

function signatureOf(fields: Fields, payload: RealPayload): string {
  return signatureByHand(fields, isHmac(payload) ? 'HMAC-SHA256' : 'MD5', KEY);
}

/** Puts the right signature in the place of the one that is there, and changes nothing else. */
function withSign(text: string, sign: string): string {
  return text.replace(/(<sign>)(?:<!\[CDATA\[)?[^<\]]*(?:\]\]>)?(<\/sign>)/, `$1${sign}$2`);
}

function fieldsOf(text: string): Fields {
  // The package types it as a nested object; a message of APIv2 is flat.
  return Transformer.toObject(text) as Fields;
}
