import { createCipheriv, createSign, randomBytes } from 'node:crypto';
import { signatureByHand, xmlByHand } from './hand-signed-v2.js';

/** What WeChat Pay makes notifications with. */
export interface NotificationKeys {
  /** PEM. */
  readonly platformPrivateKey: string;
  /** Of the platform's key. */
  readonly serialNo: string;
  readonly apiV3Key: string;
}

/** What a notification says; the defaults make one of a payment of order T1, sent now. */
export interface NotificationClaims {
  readonly id?: string;
  readonly eventType?: string;
  readonly originalType?: string;
  readonly createTime?: string;
  readonly resource?: object;
  /** Milliseconds since the epoch. */
  readonly sentAt?: number;
  readonly associatedData?: string;
  /** In place of, or beside, what the envelope says otherwise; undefined leaves a member out. */
  readonly envelope?: object;
  /** In place of the JSON of the envelope. */
  readonly body?: string;
  /** In place of the bytes that are signed. */
  readonly signedBody?: string;
}

export interface SignedNotification {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** A paid order of a direct merchant, as the official page shows it. */
export const PAID_ORDER = {
  transaction_id: '1217752501201407033233368018',
  mchid: '1900000001',
  appid: 'wxd678efh567hg6787',
  out_trade_no: 'T1',
  trade_type: 'NATIVE',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'OTHERS',
  attach: '',
  success_time: '2026-06-01T20:00:00+08:00',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 100, payer_total: 90, currency: 'CNY', payer_currency: 'CNY' },
};

/** Signs and encrypts a notification by hand, apart from the library, as the official pages describe it. */
export function signNotification(
  keys: NotificationKeys,
  claims: NotificationClaims = {},
): SignedNotification {
  const body = claims.body ?? JSON.stringify(envelopeOf(keys.apiV3Key, claims));
  const timestamp = String(Math.floor((claims.sentAt ?? Date.now()) / 1000));
  const nonce = randomBytes(16).toString('hex');
  const signature = createSign('sha256')
    .update(`${timestamp}\n${nonce}\n${claims.signedBody ?? body}\n`)
    .sign(keys.platformPrivateKey, 'base64');
  return {
    headers: {
      'content-type': 'application/json',
      'Wechatpay-Timestamp': timestamp,
      'Wechatpay-Nonce': nonce,
      'Wechatpay-Serial': keys.serialNo,
      'Wechatpay-Signature': signature,
      'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
      'Request-ID': '08F4F4FF90061086011882F3D7A00620B0C50A28CE9A0E-0',
    },
    body: Buffer.from(body),
  };
}

/** What a notification carries, encrypted. */
export function seal(
  apiV3Key: string,
  plain: string,
  associatedData = 'transaction',
): Record<string, string> {
  const nonce = randomBytes(6).toString('hex');
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce).setAAD(Buffer.from(associatedData));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return {
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: ciphertext.toString('base64'),
    associated_data: associatedData,
    nonce,
  };
}

function envelopeOf(apiV3Key: string, claims: NotificationClaims): object {
  return {
    id: claims.id ?? 'EV-2018022511223320873',
    create_time: claims.createTime ?? '2026-06-01T20:00:01+08:00',
    resource_type: 'encrypt-resource',
    event_type: claims.eventType ?? 'TRANSACTION.SUCCESS',
    summary: '支付成功',
    resource: {
      ...seal(apiV3Key, JSON.stringify(claims.resource ?? PAID_ORDER), claims.associatedData),
      original_type: claims.originalType ?? 'transaction',
    },
    ...claims.envelope,
  };
}

/** A payment as APIv2 notifies it. */
export const PAID_FIELDS = {
  appid: 'wx8888888888888888',
  mch_id: '1900000001',
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  is_subscribe: 'N',
  trade_type: 'NATIVE',
  bank_type: 'OTHERS',
  total_fee: '100',
  cash_fee: '90',
  fee_type: 'CNY',
  transaction_id: '1004400740201409030005092168',
  out_trade_no: 'T1',
  time_end: '20260601200000',
};

/** Signs a notification of APIv2; undefined leaves a field out, a `sign` stands in place of the right one. */
export function signV2Notification(
  key: string,
  fields: Readonly<Record<string, string | undefined>> = {},
  signType: 'MD5' | 'HMAC-SHA256' = 'HMAC-SHA256',
): Buffer {
  const unsigned: Readonly<Record<string, string | undefined>> = { ...PAID_FIELDS, ...fields };
  return Buffer.from(xmlByHand({ sign: signatureByHand(unsigned, signType, key), ...unsigned }));
}
