import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { Formatter, Hash } from 'wechatpay-axios-plugin';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { Md5Signer } from '../../../lib/v2/signing/md5-signer.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml, V2_MERCHANT, type V2ServerFields } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const { key } = V2_MERCHANT;
const PAID = { result_code: 'SUCCESS', out_trade_no: 'T1', trade_state: 'SUCCESS', total_fee: '990' };
const GONE = { result_code: 'FAIL', err_code: 'ORDERNOTEXIST' };

const query = (orders = sandbox.orders) => orders.query({ outTradeNo: 'T1' });
const close = () => sandbox.orders.close({ outTradeNo: 'T1' });

/** Answers with fields that the test has signed, or not, in its own way. */
function answerWith(fields: V2ServerFields, signing: (fields: V2ServerFields) => V2ServerFields): void {
  sandbox.server.next((response, _, { fields: asked }) =>
    respondXml(response, signing({ ...common(asked), ...fields })),
  );
}

/** Answers with fields that are validly signed. */
function answerSigned(fields: V2ServerFields): void {
  sandbox.server.next((response, sign, { fields: asked }) =>
    respondXml(response, sign({ ...common(asked), ...fields })),
  );
}

/** HMAC-SHA256 as some libraries do it: without the key behind the text. */
function hmacWithoutSuffix(fields: V2ServerFields): V2ServerFields {
  const text = Formatter.queryStringLike(Formatter.ksort(fields));
  return { ...fields, sign: createHmac('sha256', key).update(text).digest('hex').toUpperCase() };
}

describe('V2Pipeline, receiving a reply without a valid signature', () => {
  it.each([
    ['none', 'missing', (fields: V2ServerFields) => fields],
    ['an empty one', 'missing', (fields: V2ServerFields) => ({ ...fields, sign: '' })],
    ['MD5, when HMAC-SHA256 was asked for', 'mismatch', signedWith('MD5')],
    ['MD5 with its name', 'mismatch', (f: V2ServerFields) => signedWith('MD5')({ ...f, sign_type: 'MD5' })],
    ['HMAC-SHA256 without the key behind the text', 'mismatch', hmacWithoutSuffix],
    ['that of another key', 'mismatch', signedWith('HMAC-SHA256', 'k'.repeat(32))],
    ['the right one in small letters', 'mismatch', changed((sign) => sign.toLowerCase())],
    ['the right one, cut', 'mismatch', changed((sign) => sign.slice(0, -1))],
    ['the right one with a space', 'mismatch', changed((sign) => `${sign} `)],
    [
      'of other fields',
      'mismatch',
      (f: V2ServerFields) => ({ ...signedWith('HMAC-SHA256')(f), total_fee: '1' }),
    ],
    ['of fewer fields', 'mismatch', (f: V2ServerFields) => ({ ...signedWith('HMAC-SHA256')(f), extra: '1' })],
    ['a text of the SIGNTEST kind', 'mismatch', changed(() => 'WECHATPAY/SIGNTEST/x')],
  ])('refuses it: %s', async (_, reason, signing) => {
    for (const reply of [PAID, GONE]) {
      answerWith(reply, signing);

      const error = await failureOf(WxPaySignatureError, query());

      expect(error).toMatchObject({ reason, merchant: 'default', retryable: true });
      expect(error.message).toContain('The reply to order.query of order T1 could not be verified: ');
    }
  });

  it.each([
    [
      (fields: V2ServerFields) => fields,
      'The reply to order.query of order T1 could not be verified: it lacks sign. Check which server replies at this host.',
    ],
    [
      signedWith('MD5'),
      'The reply to order.query of order T1 could not be verified: its signature is not the HMAC-SHA256 of its content. Check that the configured key is the APIv2 key of this merchant, and that no proxy changes replies.',
    ],
  ])('says what to check', async (signing, message) => {
    answerWith(PAID, signing);

    expect((await failureOf(WxPaySignatureError, query())).message).toBe(message);
  });

  it('does not accept it as a close', async () => {
    answerWith({ result_code: 'SUCCESS' }, (fields) => fields);
    await failureOf(WxPaySignatureError, close());

    answerWith({ result_code: 'FAIL', err_code: 'ORDERCLOSED' }, signedWith('MD5'));
    await failureOf(WxPaySignatureError, close());
  });

  it('refuses it for a merchant with MD5 as well', async () => {
    answerWith(PAID, signedWith('HMAC-SHA256'));

    const error = await failureOf(
      WxPaySignatureError,
      query(sandbox.ordersWith({ signer: new Md5Signer({ key }) })),
    );

    expect(error.message).toContain('its signature is not the MD5 of its content.');
  });

  it('shows neither key nor signature in the error', async () => {
    answerWith(PAID, signedWith('MD5'));

    const error = await failureOf(WxPaySignatureError, query());

    expect(JSON.stringify(error) + error.message).not.toMatch(new RegExp(`${key}|[0-9A-F]{32}`));
  });
});

describe('V2Pipeline, receiving a validly signed reply', () => {
  it.each([
    [
      'another order',
      { ...PAID, out_trade_no: 'T2' },
      '$.out_trade_no',
      'is not the requested one: the reply belongs to another request. Query again',
    ],
    ['another merchant', { ...PAID, mch_id: '10000101' }, '$.mch_id'],
    ['no merchant', { ...PAID, mch_id: '' }, '$.mch_id'],
    ['a sub-merchant that was not asked for', { ...PAID, sub_mch_id: '1900000109' }, '$.sub_mch_id'],
    ['a refusal of another merchant', { ...GONE, mch_id: '10000101' }, '$.mch_id'],
    ['no result', { out_trade_no: 'T1' }, '$.result_code', 'is neither SUCCESS nor FAIL. Query again'],
    ['a result that is neither', { ...PAID, result_code: 'OK' }, '$.result_code'],
    ['no state', { ...PAID, trade_state: '' }, '$.trade_state'],
    ['an amount in yuan', { ...PAID, total_fee: '9.90' }, '$.total_fee'],
  ])('refuses %s, and names the path', async (_, fields, path, problem = '') => {
    answerSigned(fields);

    const error = await failureOf(WxPayProtocolError, query());

    expect(error).toMatchObject({ code: 'WXPAY_PROTOCOL', path, merchant: 'default' });
    expect(error.raw).toMatchObject(fields);
    expect(Object.keys(error)).not.toContain('raw');
    expect(error.message).toContain('The verified reply to order.query of order T1 is not what');
    expect(error.message).toContain(`promises: ${path} ${problem}`);
  });

  it('accepts an order of any app of the merchant', async () => {
    answerSigned({ ...PAID, appid: 'wxd678efh567hg6999' });

    expect(await query()).toMatchObject({ appid: 'wxd678efh567hg6999', tradeState: 'SUCCESS' });
  });

  it('refuses another order than the requested number of WeChat Pay', async () => {
    answerSigned({ ...PAID, transaction_id: '4200000002' });

    const error = await failureOf(WxPayProtocolError, sandbox.orders.query({ transactionId: '4200000001' }));

    expect(error.path).toBe('$.transaction_id');
  });

  it.each([
    ['another sub-merchant', '1900000110'],
    ['none', ''],
  ])('refuses it for a sub-merchant if it names %s', async (_, sub_mch_id) => {
    answerSigned({ ...PAID, sub_mch_id });

    const error = await failureOf(
      WxPayProtocolError,
      sandbox.orders.query({ outTradeNo: 'T1', subMchid: '1900000109' }),
    );

    expect(error.path).toBe('$.sub_mch_id');
  });

  it('does not accept it as a close if it belongs to another merchant', async () => {
    answerSigned({ result_code: 'SUCCESS', mch_id: '10000101' });

    expect((await failureOf(WxPayProtocolError, close())).path).toBe('$.mch_id');
  });

  it.each<[string, string, V2ServerFields]>([
    [
      'placing an order',
      '$.trade_type',
      { trade_type: 'NATIVE', prepay_id: 'wx1', code_url: 'weixin://wxpay/1' },
    ],
    [
      'a refund of the same order',
      '$.transaction_id',
      { out_trade_no: 'T1', transaction_id: '42', refund_id: '50', refund_fee: '1', total_fee: '990' },
    ],
    [
      'a query of refunds',
      '$.refund_count',
      { out_trade_no: 'T1', refund_count: '1', refund_status_0: 'SUCCESS' },
    ],
    ['a reversal', '$.recall', { recall: 'N' }],
    ['a short address', '$.short_url', { short_url: 'weixin://wxpay/s/1' }],
  ])('does not accept it as a close if it is the reply to %s', async (_, path, fields) => {
    answerSigned({ result_code: 'SUCCESS', ...fields });

    const error = await failureOf(WxPayProtocolError, close());

    expect(error.path).toBe(path);
    expect(error.message).toContain('belongs to the reply to another request.');
  });

  it('accepts it as a close with the documented fields, and unknown ones', async () => {
    answerSigned({
      result_code: 'SUCCESS',
      result_msg: 'OK',
      err_code: '',
      out_trade_no: 'T1',
      brand_new: '1',
    });

    await expect(close()).resolves.toEqual({ outcome: 'closed' });
  });

  it('verifies unknown fields, too', async () => {
    answerSigned({ ...PAID, brand_new: '<&>' });

    expect((await query()).raw).toMatchObject({ brand_new: '<&>' });
  });

  it('reads XML in other forms than ours', async () => {
    sandbox.server.next((response, sign, { fields: asked }) => {
      const fields = Object.entries(sign({ ...common(asked), ...PAID, attach: ' a b ' }));
      const elements = fields.map(([name, value]) => `\n  <${name}><![CDATA[${value}]]></${name}>`);
      response.end(`<?xml version="1.0" encoding="utf-8"?>\n<xml>${elements.join('')}\n</xml>\n`);
    });

    expect((await query()).attach).toBe(' a b ');
  });
});

function signedWith(signType: 'MD5' | 'HMAC-SHA256', secret = key) {
  return (fields: V2ServerFields): V2ServerFields => ({
    ...fields,
    sign: Hash.sign(signType, fields, secret),
  });
}

function changed(change: (sign: string) => string) {
  return (fields: V2ServerFields): V2ServerFields => ({
    ...fields,
    sign: change(Hash.sign('HMAC-SHA256', fields, key)),
  });
}
