import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { V2RequestApi } from '../../../lib/v2/apis/v2-request-api.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { common, respondXml, V2_MERCHANT, type V2ServerFields } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const TRANSFERS = '/mmpaymkttransfers/promotion/transfers';
const SENT = {
  partner_trade_no: 'P1',
  amount: '100',
  mch_appid: V2_MERCHANT.appid,
  mchid: V2_MERCHANT.mchid,
};

const gateway = () => new V2RequestApi(sandbox.pipeline);
const request = (path: string, unsignedReply?: boolean, fields: V2ServerFields = SENT) =>
  gateway().request({ path, fields, unsignedReply });
/** Answers without a signature. */
const answer = (fields: V2ServerFields) =>
  sandbox.server.next((response) => respondXml(response, { return_code: 'SUCCESS', ...fields }));

describe('WxPayClient, requesting an endpoint of APIv2 that never signs', () => {
  it.each([
    TRANSFERS,
    '/mmpaymkttransfers/sendredpack',
    '/mmpaymkttransfers/sendgroupredpack',
    '/mmpaysptrans/pay_bank',
    '/risk/getpublickey',
  ])('sends nothing without unsignedReply: true: %s', async (path) => {
    const before = sandbox.server.requests.length;

    for (const unsignedReply of [undefined, false]) {
      const error = await failureOf(WxPayInputError, request(path, unsignedReply));

      expect(error.message).toBe(
        `unsignedReply must be true for ${path}: WeChat Pay does not sign the replies of this endpoint, so only TLS protects them. Nothing was sent. Pass unsignedReply: true to accept that.`,
      );
    }
    expect(sandbox.server.requests).toHaveLength(before);
  });

  it('accepts the reply on TLS alone with unsignedReply: true', async () => {
    answer({ result_code: 'SUCCESS', mchid: V2_MERCHANT.mchid, payment_no: '1000018301201505190181489473' });

    expect(await request(TRANSFERS, true)).toMatchObject({ payment_no: '1000018301201505190181489473' });
  });

  it.each(['/sandboxnew/pay/getsignkey', '/xdc/apiv2getsignkey/sign/getsignkey'])(
    'needs no result beside the return code for the key of the sandbox: %s',
    async (path) => {
      answer({ sandbox_signkey: '013467007045764' });

      expect(await request(path, true)).toMatchObject({ sandbox_signkey: '013467007045764' });
    },
  );

  it.each([TRANSFERS, '/mmpaymkttransfers/sendredpack', '/mmpaysptrans/pay_bank', '/some/thing'])(
    'reports an unknown outcome for a reply without a result: %s',
    async (path) => {
      answer({});

      const error = await failureOf(WxPayProtocolError, request(path, true));

      expect(error).toMatchObject({ path: '$.result_code', outcomeUnknown: true, retryable: false });
    },
  );

  it("uses the endpoint's own names for app and merchant", async () => {
    answer({ result_code: 'SUCCESS' });
    await request(TRANSFERS, true);
    expect(Object.keys(sandbox.server.requests.at(-1)?.fields ?? {}).toSorted()).toEqual(
      ['amount', 'mch_appid', 'mchid', 'nonce_str', 'partner_trade_no', 'sign', 'sign_type'].toSorted(),
    );

    answer({ result_code: 'SUCCESS' });
    await request('/mmpaymkttransfers/sendredpack', true, { wxappid: V2_MERCHANT.appid });
    expect(sandbox.server.requests.at(-1)?.fields).toMatchObject({ mch_id: V2_MERCHANT.mchid });
    expect(sandbox.server.requests.at(-1)?.fields).not.toHaveProperty('appid');
  });

  it('marks a refusal as unsigned', async () => {
    answer({ result_code: 'FAIL', err_code: 'NOTENOUGH', err_code_des: '余额不足' });

    expect(await failureOf(WxPayApiError, request(TRANSFERS, true))).toMatchObject({
      code: 'NOT_ENOUGH',
      signed: false,
    });
  });

  it.each(['mch_id', 'mchid'])('refuses a reply to another merchant, by %s', async (name) => {
    answer({ result_code: 'SUCCESS', [name]: '10000101' });

    const error = await failureOf(WxPayProtocolError, request(TRANSFERS, true));

    expect(error.path).toBe(`$.${name}`);
    expect(error.message).toContain('The unsigned reply to request of POST');
    expect(error.raw).toBeUndefined();
  });
});

describe('WxPayClient, requesting any other endpoint of APIv2', () => {
  it('refuses an unsigned reply, and names the option', async () => {
    answer({ result_code: 'SUCCESS', mch_id: V2_MERCHANT.mchid });

    const error = await failureOf(
      WxPaySignatureError,
      request('/mmpaymkttransfers/send_coupon', undefined, {}),
    );

    expect(error.message).toContain(
      'If WeChat Pay signs no reply of this endpoint, pass unsignedReply: true.',
    );
  });

  it('refuses a value of unsignedReply that is not a boolean', async () => {
    const asked = JSON.parse('{ "path": "/pay/orderquery", "fields": {}, "unsignedReply": "no" }');

    const error = await failureOf(WxPayInputError, gateway().request(asked));

    expect(error.message).toBe('unsignedReply must be true, false or left out.');
  });

  it('verifies a signed reply', async () => {
    sandbox.server.next((response, sign, { fields }) =>
      respondXml(response, sign({ ...common(fields), result_code: 'SUCCESS', prepay_id: 'wx1' })),
    );

    expect(await request('/pay/unifiedorder', false, { out_trade_no: 'T1' })).toMatchObject({
      prepay_id: 'wx1',
    });
  });
});
