import { createCipheriv, createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  Md5Signer,
  WxPayConfigError,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
  WxPayV2Signer,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { xmlByHand } from '../../support/signing/hand-signed-v2.js';
import { KEY, NOW, readerWith } from '../../support/fixtures/v2-notifications.js';

const CONTENT = {
  out_refund_no: 'R1',
  out_trade_no: 'T1',
  refund_account: 'REFUND_SOURCE_RECHARGE_FUNDS',
  refund_fee: '30',
  refund_id: '50',
  refund_recv_accout: '支付用户零钱',
  refund_request_source: 'API',
  refund_status: 'SUCCESS',
  settlement_refund_fee: '30',
  settlement_total_fee: '100',
  success_time: '2026-06-01 20:00:00',
  total_fee: '100',
  transaction_id: '42',
};

/** Encrypts as the page describes, without code of the library. */
function sealed(text: string, key = KEY): string {
  const cipher = createCipheriv('aes-256-ecb', createHash('md5').update(key).digest('hex'), null);
  return Buffer.concat([cipher.update(text), cipher.final()]).toString('base64');
}
const contentOf = (fields: Readonly<Record<string, string | undefined>>): string =>
  xmlByHand(fields)
    .replace(/^<xml>/, '<root>')
    .replace(/<\/xml>\s*$/, '</root>');
const notice = (change: object = {}, outer: object = {}, key = KEY): Buffer =>
  Buffer.from(
    xmlByHand({
      return_code: 'SUCCESS',
      appid: 'wx8888888888888888',
      mch_id: '1900000001',
      nonce_str: 'n',
      req_info: sealed(contentOf({ ...CONTENT, ...change }), key),
      ...outer,
    }),
  );
const read = (body: Buffer, reader = readerWith()) => reader.read({ headers: {}, body });

describe('V2NotificationReader, reading a notification of a refund', () => {
  it('decrypts the refund, and says that no signature proves it', async () => {
    const notification = await read(notice());

    expect(notification).toEqual({
      merchant: 'shop',
      id: '50',
      eventType: 'REFUND.SUCCESS',
      originalType: 'refund',
      createdAt: new Date('2026-06-01T12:00:00Z'),
      signed: false,
      resource: {
        refundId: '50',
        outRefundNo: 'R1',
        transactionId: '42',
        outTradeNo: 'T1',
        status: 'SUCCESS',
        amount: { total: 100, refund: 30, settlementRefund: 30, settlementTotal: 100, currency: 'CNY' },
        userReceivedAccount: '支付用户零钱',
        fundsAccount: 'AVAILABLE',
        successTime: new Date('2026-06-01T12:00:00Z'),
      },
    });
  });

  it.each([
    ['CHANGE', 'ABNORMAL'],
    ['REFUNDCLOSE', 'CLOSED'],
  ])('reads the status %s as %s', async (status, inV3) => {
    const notification = await read(notice({ refund_status: status, success_time: '' }));

    expect(notification).toMatchObject({ eventType: `REFUND.${inV3}`, resource: { status: inV3 } });
    expect(notification.createdAt).toEqual(new Date(NOW));
  });

  it('reads one for a sub-merchant, with the key of Md5Signer', async () => {
    const reader = readerWith({ signer: new Md5Signer({ key: KEY }) });

    const { resource } = await read(notice({}, { sub_mch_id: '1900000109' }), reader);

    expect(resource).toMatchObject({ outRefundNo: 'R1', subMchid: '1900000109' });
  });

  it.each([
    ['encrypted with another key', notice({}, {}, 'x'.repeat(32))],
    ['whose content is cut', notice({}, { req_info: sealed(contentOf(CONTENT)).slice(0, 64) })],
    ['whose content is not encrypted', notice({}, { req_info: 'T87GAHG17TGAHG1TGHAHAHA1Y1CIOA9UGJA' })],
    ['whose content is no XML', notice({}, { req_info: sealed('{}') })],
    [
      'whose content has a document type',
      notice({}, { req_info: sealed(`<!DOCTYPE a>${contentOf(CONTENT)}`) }),
    ],
  ])('refuses one %s as unverified', async (_, body) => {
    const error = await failureOf(WxPaySignatureError, read(body));

    expect(error).toMatchObject({ reason: 'mismatch', merchant: 'shop' });
    expect(error.message).toContain('it is about a refund, and the APIv2 key does not decrypt it');
  });

  it.each([
    ['of another merchant', notice({}, { mch_id: '1900000009' }), '$.mch_id', 'belongs to another merchant'],
    ['of no merchant', notice({}, { mch_id: '' }), '$.mch_id', 'is missing'],
    ['of a failure', notice({}, { return_code: 'FAIL' }), '$.return_code', 'is not SUCCESS'],
    ['without a status', notice({ refund_status: '' }), '$.refund_status', 'is missing'],
    ['without an amount', notice({ refund_fee: 'much' }), '$.refund_fee', 'whole number'],
  ])('refuses one %s', async (_, body, path, problem) => {
    const error = await failureOf(WxPayProtocolError, read(body));

    expect(error).toMatchObject({ path, merchant: 'shop' });
    expect(error.message).toContain(problem);
    expect(error.message).toContain('about order T1 is encrypted with the APIv2 key, yet');
  });

  it('says what a signer of the app lacks', async () => {
    class BareSigner extends WxPayV2Signer {
      readonly signType = 'MD5';
      override sign = () => Promise.resolve('X');
    }

    const error = await failureOf(WxPayConfigError, read(notice(), readerWith({ signer: new BareSigner() })));

    expect(error.message).toContain('signer lacks decryptRefundNotice()');
    expect(error.message).toContain('leave notifyUrl and refundNotifyUrl out');
  });

  it('has a signer of the app decrypt, and tells its failure from a forgery', async () => {
    class RemoteSigner extends WxPayV2Signer {
      readonly signType = 'MD5';
      readonly #answer: () => Promise<string>;
      constructor(answer: () => Promise<string>) {
        super();
        this.#answer = answer;
      }
      override sign = () => Promise.resolve('X');
      override decryptRefundNotice = () => this.#answer();
    }
    const working = readerWith({ signer: new RemoteSigner(async () => contentOf(CONTENT)) });
    const failing = readerWith({ signer: new RemoteSigner(() => Promise.reject(new Error('no route'))) });

    const { resource } = await read(notice(), working);
    const error = await failureOf(WxPayTransportError, read(notice(), failing));

    expect(resource).toMatchObject({ outRefundNo: 'R1' });
    expect(error.message).toContain('The signer failed');
  });
});
