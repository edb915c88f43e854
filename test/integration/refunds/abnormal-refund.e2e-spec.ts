import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import {
  WxPayApiError,
  WxPayConfigError,
  WxPayInputError,
  WxPayProtocolError,
  WxPayTransportError,
  WxPayVerifier,
  type AbnormalRefundRequest,
  type EncryptedText,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { paidOrder } from '../../support/harness/paid-order.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const CARD = {
  type: 'USER_BANK_CARD',
  bankType: 'ICBC_DEBIT',
  bankAccount: '6222020200012345678',
  realName: '张三',
} as const;

/** Encrypts, and says of the first texts that another key was used. */
class ChangingVerifier extends WxPayVerifier {
  readonly encrypted: string[] = [];
  readonly #own: WxPayVerifier;
  readonly #changes: number;

  constructor(own: WxPayVerifier, changes: number) {
    super();
    this.#own = own;
    this.#changes = changes;
  }

  acceptedSerialNo(): Promise<string | undefined> {
    return this.#own.acceptedSerialNo();
  }

  verify(...args: Parameters<WxPayVerifier['verify']>): Promise<boolean> {
    return this.#own.verify(...args);
  }

  override async encrypt(input: { readonly text: string }): Promise<EncryptedText> {
    this.encrypted.push(input.text);
    const encrypted = await this.#own.encrypt?.(input);
    if (encrypted === undefined) throw new Error('The verifier of the gateway encrypts.');
    const isOther = this.encrypted.length < this.#changes;
    return isOther ? { ...encrypted, serialNo: `KEY-${this.encrypted.length}` } : encrypted;
  }
}

/** A refund that the bank refused, and the request to send its money to a card. */
function abnormal() {
  const { request } = paidOrder(sandbox.gateway);
  const { outRefundNo, refundId } = sandbox.gateway.refunds.create(request);
  sandbox.gateway.refunds.settle(outRefundNo, 'ABNORMAL');
  return { outRefundNo, refundId, ...CARD };
}
const lastRequest = () =>
  sandbox.gateway.requests.findLast(({ operation }) => operation === 'refund.abnormal');

describe('RefundService.refundAbnormal', () => {
  it('sends the money to a card, whose number and holder it encrypts', async () => {
    const request = abnormal();

    const refund = await sandbox.merchant.refunds.refundAbnormal(request);

    expect(refund).toMatchObject({
      refundId: request.refundId,
      outRefundNo: request.outRefundNo,
      status: 'PROCESSING',
      channel: 'OTHER_BANKCARD',
    });
    const { body = '', headers, path } = lastRequest() ?? {};
    expect(path).toBe(`/v3/refund/domestic/refunds/${request.refundId}/apply-abnormal-refund`);
    expect(headers?.['wechatpay-serial']).toBe(sandbox.gateway.keys.publicKeyId);
    expect(JSON.parse(body)).toEqual({
      out_refund_no: request.outRefundNo,
      type: 'USER_BANK_CARD',
      bank_type: 'ICBC_DEBIT',
      bank_account: expect.stringMatching(/^[\w+/]{342}==$/),
      real_name: expect.stringMatching(/^[\w+/]{342}==$/),
    });
  });

  it('encrypts both with one key, although the verifier changes its key meanwhile', async () => {
    const request = abnormal();
    const verifier = new ChangingVerifier(sandbox.gateway.options().verifier, 2);

    await sandbox.merchantWith({ verifier }).refunds.refundAbnormal(request);

    expect(lastRequest()?.headers['wechatpay-serial']).toBe(sandbox.gateway.keys.publicKeyId);
    expect(verifier.encrypted).toEqual([request.realName, request.bankAccount, request.realName]);
  });

  it('sends nothing if the verifier changes its key each time', async () => {
    const request = abnormal();
    const before = sandbox.gateway.requests.length;
    const verifier = new ChangingVerifier(sandbox.gateway.options().verifier, Infinity);

    const error = await failureOf(
      WxPayConfigError,
      sandbox.merchantWith({ verifier }).refunds.refundAbnormal(request),
    );

    expect(error.message).toContain('another key each time');
    expect(sandbox.gateway.requests).toHaveLength(before);
  });

  it('sends the money of a sub-merchant to its own account, which needs nothing encrypted', async () => {
    const order = { outTradeNo: 'SUB-9', subMchid: '1900000109' };
    const { orders, refunds } = sandbox.gateway;
    orders.create({ ...order, amount: { total: 5 } });
    orders.pay(order);
    const created = refunds.create({ ...order, outRefundNo: 'R-SUB-9', amount: { refund: 5 } });
    const failed = refunds.settle(created, 'ABNORMAL');

    const refund = await sandbox.merchant.refunds.refundAbnormal({ ...failed, type: 'MERCHANT_BANK_CARD' });

    expect(refund).toMatchObject({ outRefundNo: 'R-SUB-9', subMchid: '1900000109', status: 'PROCESSING' });
    expect(JSON.parse(lastRequest()?.body ?? '')).toEqual({
      sub_mchid: '1900000109',
      out_refund_no: 'R-SUB-9',
      type: 'MERCHANT_BANK_CARD',
    });
  });

  it.each<[string, object]>([
    ['refundId', { refundId: '' }],
    ['outRefundNo', { outRefundNo: undefined }],
    ['type', { type: 'CASH' }],
    ['bankType', { bankType: 'ICBC_CREDIT' }],
    ['bankAccount', { bankAccount: '6222 0202' }],
    ['realName', { realName: ' ' }],
    ['realName', { realName: '张'.repeat(72) }],
  ])('refuses a request with a malformed %s, and shows nothing of it', async (field, change) => {
    const request = { refundId: '50', outRefundNo: 'R1', ...CARD, ...change } as AbnormalRefundRequest;

    const error = await failureOf(WxPayInputError, sandbox.merchant.refunds.refundAbnormal(request));

    expect(error.field).toBe(field);
    expect(inspect(error)).not.toMatch(/6222|张/);
  });

  it('is sent once, and says after a lost reply to query the refund', async () => {
    const request = abnormal();
    const before = sandbox.gateway.requests.length;
    sandbox.gateway.next({ fault: 'reset', when: { operation: 'refund.abnormal' } });

    const error = await failureOf(WxPayTransportError, sandbox.merchant.refunds.refundAbnormal(request));

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: false });
    expect(error.message).toContain('query the refund before you repeat the call');
    expect(inspect(error)).not.toMatch(/6222|张三/);
    expect(sandbox.gateway.requests.slice(before)).toHaveLength(1);
  });

  it('refuses a signed reply about another refund', async () => {
    const [first, second] = [abnormal(), abnormal()];
    const reply = await sandbox.merchant.refunds.query({ outRefundNo: second.outRefundNo });
    const body = { ...(reply.raw as object), out_refund_no: first.outRefundNo };
    sandbox.gateway.next({ reply: { status: 200, body }, when: { operation: 'refund.abnormal' } });

    const error = await failureOf(WxPayProtocolError, sandbox.merchant.refunds.refundAbnormal(first));

    expect(error).toMatchObject({ path: '$.refund_id', outcomeUnknown: true });
  });

  it('rejects with the refusal of WeChat Pay for a refund that is not abnormal', async () => {
    const request = abnormal();
    await sandbox.merchant.refunds.refundAbnormal(request);

    const error = await failureOf(WxPayApiError, sandbox.merchant.refunds.refundAbnormal(request));

    expect(error).toMatchObject({ code: 'INVALID_REQUEST', operation: 'refund.abnormal' });
  });

  it('says what a verifier of the app lacks', async () => {
    class BareVerifier extends WxPayVerifier {
      override acceptedSerialNo = () => Promise.resolve(undefined);
      override verify = () => Promise.resolve(true);
    }
    const merchant = sandbox.merchantWith({ verifier: new BareVerifier() });

    const error = await failureOf(WxPayConfigError, merchant.refunds.refundAbnormal(abnormal()));

    expect(error.message).toContain('has no method encrypt()');
  });
});
