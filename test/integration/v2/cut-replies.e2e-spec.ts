import { describe, expect, it } from '@jest/globals';
import { Hash } from 'wechatpay-axios-plugin';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { reverseOrder } from '../../../lib/v2/operations/reverse-order.js';
import { V2RequestApi } from '../../../lib/v2/apis/v2-request-api.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml, V2_MERCHANT, type V2ServerFields } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const { key, appid, mchid } = V2_MERCHANT;
const query = () => sandbox.orders.query({ outTradeNo: 'T1' });
const request = (fields: V2ServerFields) =>
  new V2RequestApi(sandbox.pipeline).request({ path: '/pay/unifiedorder', fields });

const signatureOf = (fields: V2ServerFields) => Hash.sign('HMAC-SHA256', fields, key);
/** Answers with fields under a signature that was made for other fields. */
const answer = (fields: V2ServerFields) => sandbox.server.next((response) => respondXml(response, fields));

/** What a customer wrote into the attach of an order for a cent, to be cut into the payment of another order. */
const ATTACH =
  'x&mch_id=10000100&out_trade_no=T1&result_code=SUCCESS&return_code=SUCCESS&total_fee=9900&trade_state=SUCCESS&zz=';
const CHEAP = {
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid,
  mch_id: mchid,
  nonce_str: 'TN55wO9Pba5yENl8',
  out_trade_no: 'T9',
  trade_state: 'SUCCESS',
  trade_type: 'JSAPI',
  bank_type: 'CFT',
  total_fee: '1',
  time_end: '20260601200000',
  transaction_id: '4200000434201911110000000010',
};
const ORDERING = {
  appid,
  mch_id: mchid,
  nonce_str: 'TN55wO9Pba5yENl8',
  body: 'tea',
  notify_url: 'https://shop.example/notify',
  out_trade_no: 'T9',
  sign_type: 'HMAC-SHA256',
  spbill_create_ip: '203.0.113.7',
  total_fee: '1',
  trade_type: 'NATIVE',
};

/** Cuts a signed message at the places that the customer prepared: what is left of it hides in the last field. */
function cut(genuine: V2ServerFields & { readonly attach: string }): V2ServerFields {
  const [attach = '', ...cuts] = genuine.attach.split('&');
  const rest = Object.entries(genuine)
    .filter(([name]) => name > 'attach')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `&${name}=${value}`)
    .join('');
  const forged = Object.fromEntries(cuts.map((pair) => pair.split('=')));
  return { appid, attach, ...forged, zz: `${forged.zz}${rest}`, sign: signatureOf(genuine) };
}

describe('V2Pipeline, receiving a signed message that was split anew', () => {
  it('could be attacked with what fits into an attach', () => {
    expect(ATTACH.length).toBeLessThanOrEqual(127);
  });

  it.each<[string, V2ServerFields]>([
    ['the reply about another order', CHEAP],
    ['the request of the app itself', ORDERING],
  ])('does not accept it as a paid order, made of %s', async (_, message) => {
    const forged = cut({ ...message, attach: ATTACH });
    expect(signatureOf(forged)).toBe(forged.sign);
    answer(forged);

    const error = await failureOf(WxPayProtocolError, query());

    expect(error.path).toBe('$.zz');
    expect(error.message).toContain('order.query of order T1');
  });

  it('does not accept it as a closed order', async () => {
    answer(cut({ ...CHEAP, attach: ATTACH.replace('&trade_state=SUCCESS', '') }));

    await failureOf(WxPayProtocolError, sandbox.orders.close({ outTradeNo: 'T1' }));
  });

  it('does not accept it as a reversed order', async () => {
    answer(
      cut({
        ...CHEAP,
        attach: ATTACH.replace('&result_code', '&recall=N&result_code').replace('&trade_state=SUCCESS', ''),
      }),
    );

    await failureOf(WxPayProtocolError, sandbox.pipeline.execute(reverseOrder, { outTradeNo: 'T1' }));
  });

  it('does not accept it as the reply to another request', async () => {
    answer(cut({ ...CHEAP, attach: ATTACH }));

    await failureOf(WxPayProtocolError, request({ out_trade_no: 'T1' }));
  });

  it('does not hide the currency in the attach', async () => {
    const { bank_type, ...others } = CHEAP;
    const genuine = { ...CHEAP, out_trade_no: 'T1', attach: 'x', cash_fee: '7', fee_type: 'USD' };
    const forged = {
      ...others,
      out_trade_no: 'T1',
      attach: `x&bank_type=${bank_type}&cash_fee=7&fee_type=USD`,
    };
    answer({ ...forged, sign: signatureOf(genuine) });

    expect((await failureOf(WxPayProtocolError, query())).path).toBe('$.attach');
  });

  it('does not hide a field in a state', async () => {
    const genuine = { ...CHEAP, out_trade_no: 'T1', trade_state_x: '1' };
    const sign = signatureOf(genuine);
    answer({ ...CHEAP, out_trade_no: 'T1', trade_state: 'SUCCESS&trade_state_x=1', sign });

    expect((await failureOf(WxPayProtocolError, query())).path).toBe('$.trade_state');
  });
});

describe('V2Pipeline, with a request of the app that is sent back', () => {
  it('does not accept it as a reply, whatever a person wrote into the number of an article', async () => {
    const product_id = 'p&result_code=SUCCESS&return_code=SUCCESS';
    const sign = signatureOf({ ...ORDERING, product_id });
    answer({ ...ORDERING, product_id: 'p', result_code: 'SUCCESS', return_code: 'SUCCESS', sign });

    const error = await failureOf(WxPayProtocolError, sandbox.orders.close({ outTradeNo: 'T9' }));

    expect(error.message).toContain('$.notify_url belongs to a request');
  });

  it.each([
    ['product_id', 'p&result_code=SUCCESS&return_code=SUCCESS', 'result_code'],
    ['openid', 'o&return_code=SUCCESS', 'return_code'],
    ['attach', 'x&fee_type=USD', 'fee_type'],
    ['detail', '{"goods_detail":[{"goods_remark":"&total_fee=1"}]}', 'total_fee'],
  ])('refuses to sign a request if its %s could be split', async (name, value, found) => {
    const before = sandbox.server.requests.length;

    const error = await failureOf(WxPayInputError, request({ [name]: value }));

    expect(error.field).toBe(name);
    expect(error.message).toContain(`${name} must not contain "&${found}="`);
    expect(sandbox.server.requests).toHaveLength(before);
  });

  it.each(['a=1&b=2', 'a=1&sign=2', 'a=1&version=2'])(
    'signs a request whose texts only look like a query: %s',
    async (attach) => {
      sandbox.server.next((response, sign, { fields }) =>
        respondXml(response, sign({ ...common(fields), result_code: 'SUCCESS' })),
      );
      const scene_info = '{"h5_info":{"wap_url":"https://shop.example/?a=1&openid=2"}}';

      await request({ attach, scene_info });

      expect(sandbox.server.requests.at(-1)?.fields).toMatchObject({ attach, scene_info });
    },
  );
});

describe('V2Pipeline, receiving a signed reply with texts that look like fields', () => {
  const answerSigned = (fields: V2ServerFields) =>
    sandbox.server.next((response, sign, { fields: asked }) =>
      respondXml(response, sign({ ...common(asked), ...CHEAP, out_trade_no: 'T1', ...fields })),
    );

  it.each(['a=1&b=2', 'order=1&sign=abc', 'a=1&version=2'])(
    'reads it with the attach of a customer: %s',
    async (attach) => {
      answerSigned({ attach });

      expect(await query()).toMatchObject({ attach, tradeState: 'SUCCESS' });
    },
  );

  it('leaves out the attach, and nothing else, if that is cut at a name that no reply has', async () => {
    const genuine = { ...CHEAP, out_trade_no: 'T1', attach: 'a=1&b=2' };
    const sign = signatureOf(genuine);
    answer({ ...genuine, attach: 'a=1', b: '2', sign });

    const order = await query();

    expect(order).toMatchObject({ outTradeNo: 'T1', tradeState: 'SUCCESS', amount: { total: 1 } });
    expect(order).not.toHaveProperty('attach');
  });

  it('reads it with the remark of an article', async () => {
    const goods = { goods_id: 'g', quantity: 1, price: 1, discount_amount: 1, goods_remark: 'a&b=c' };
    const coupon = { promotion_id: '1', amount: 1, goods_detail: [goods] };
    answerSigned({ promotion_detail: JSON.stringify({ promotion_detail: [coupon] }) });

    expect((await query()).promotionDetail?.[0]?.goodsDetail?.[0]?.goodsRemark).toBe('a&b=c');
  });

  it('reads it with the address of a payment page', async () => {
    const mweb_url = 'https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx20&package=1405458241';
    sandbox.server.next((response, sign, { fields }) =>
      respondXml(response, sign({ ...common(fields), result_code: 'SUCCESS', mweb_url })),
    );

    expect(await request({ trade_type: 'MWEB' })).toMatchObject({ mweb_url });
  });
});
