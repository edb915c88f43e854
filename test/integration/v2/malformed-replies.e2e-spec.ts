import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { HmacSha256Signer } from '../../../lib/v2/signing/hmac-sha256-signer.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useV2Sandbox } from '../../support/harness/v2-sandbox.js';
import { respondXml } from '../../support/servers/v2-server.js';

const sandbox = useV2Sandbox();
const query = (orders = sandbox.orders) => orders.query({ outTradeNo: 'T1' });

function answer(status: number, body: string | Buffer, headers: Record<string, string> = {}): void {
  sandbox.server.next((response) => void response.writeHead(status, headers).end(body));
}

describe('V2Pipeline, receiving an unsigned refusal', () => {
  it.each<[object, string]>([
    [{ return_code: 'FAIL', retmsg: 'param mch_id invalid', retcode: '1' }, 'param mch_id invalid'],
    [{ retmsg: 'param mch_id invalid', retcode: '1' }, 'param mch_id invalid'],
    [{ return_code: 'FAIL', return_msg: 'no', retmsg: 'mch_id', retcode: '1' }, 'no mch_id'],
  ])('reads and quotes the texts of the sandbox: %j', async (fields, text) => {
    sandbox.server.next((response) => respondXml(response, { ...fields }));

    const error = await failureOf(WxPayApiError, query());

    expect(error).toMatchObject({
      code: 'MCHID_NOT_EXIST',
      signed: false,
      detail: { issue: 'retcode 1' },
    });
    expect(error.message).toContain(`It said: "${text}".`);
  });

  it.each([
    ['签名错误', 'SIGN_ERROR', 'credentials'],
    ['签名失败', 'SIGN_ERROR', 'credentials'],
    ['sign not match', 'SIGN_ERROR', 'credentials'],
    ['商户号mch_id与appid不匹配', 'APPID_MCHID_NOT_MATCH', 'credentials'],
    ['appid and mch_id not match', 'APPID_MCHID_NOT_MATCH', 'credentials'],
    ['mch_id参数格式错误', 'MCHID_NOT_EXIST', 'credentials'],
    ['mchid无效', 'MCHID_NOT_EXIST', 'credentials'],
    ['商户号不存在', 'MCHID_NOT_EXIST', 'credentials'],
    ['appid不存在', 'APPID_NOT_EXIST', 'credentials'],
    ['sub_mch_id与sub_appid不匹配', 'NO_AUTH', 'permission'],
    ['submch_id无效', 'NO_AUTH', 'permission'],
    ['系统繁忙，请稍后再试', 'SYSTEM_ERROR', 'gateway'],
    ['SystemError', 'SYSTEM_ERROR', 'gateway'],
    ['System busy', 'SYSTEM_ERROR', 'gateway'],
    ['请求频率过高', 'FREQUENCY_LIMITED', 'rate-limited'],
    ['请使用post方法', 'FAIL', 'unknown'],
    ['', 'FAIL', 'unknown'],
  ])('reads "%s" as %s', async (return_msg, code, kind) => {
    sandbox.server.next((response) => respondXml(response, { return_code: 'FAIL', return_msg }));

    const error = await failureOf(WxPayApiError, query());

    expect(error).toMatchObject({ code, kind, signed: false, httpStatus: 200, operation: 'order.query' });
    expect(error.message).toContain(`with ${code} (HTTP 200, unsigned).`);
    expect(error.message).toContain(return_msg);
  });

  it('names the field that a service provider left out', async () => {
    const return_msg = '受理机构必须传入sub_mch_id';
    sandbox.server.next((response) => respondXml(response, { return_code: 'FAIL', return_msg }));

    const error = await failureOf(WxPayApiError, query());

    expect(error).toMatchObject({ code: 'NO_AUTH', kind: 'permission', signed: false });
    expect(error.detail).toEqual({ field: 'sub_mch_id' });
    expect(error.message).toBe(
      'WeChat Pay refused order.query of order T1 with NO_AUTH (HTTP 200, field sub_mch_id, unsigned). It said: "受理机构必须传入sub_mch_id". Pass the subMchid of the order: over APIv2 a service provider has to name a sub-merchant in each call, its self-test and health check included.',
    );
  });

  it('reads the beginning of the text only', async () => {
    const return_msg = `${'。'.repeat(200)}签名错误，必须传入sub_mch_id`;
    sandbox.server.next((response) => respondXml(response, { return_code: 'FAIL', return_msg }));

    const error = await failureOf(WxPayApiError, query());

    expect(error).toMatchObject({ code: 'FAIL' });
    expect(error.detail).toBeUndefined();
  });

  it('reports a wrong key, number or app of the merchant', async () => {
    const wrongKey = sandbox.ordersWith({ signer: new HmacSha256Signer({ key: 'k'.repeat(32) }) });
    const wrongNumber = sandbox.ordersWith({ mchid: '10000999' });
    const wrongApp = sandbox.ordersWith({ appid: 'wx0' });

    expect((await failureOf(WxPayApiError, query(wrongKey))).code).toBe('SIGN_ERROR');
    expect((await failureOf(WxPayApiError, query(wrongNumber))).code).toBe('MCHID_NOT_EXIST');
    expect((await failureOf(WxPayApiError, query(wrongApp))).code).toBe('APPID_NOT_EXIST');
  });

  it('keeps the Request-ID, if there is one', async () => {
    const requestId = '08E5F5A1BB0610-268443699';
    answer(200, '<xml><return_code>FAIL</return_code></xml>', { 'Request-ID': requestId });

    expect(await failureOf(WxPayApiError, query())).toMatchObject({ requestId, reasonCode: '268443699' });
  });

  it('reads the texts of the sandbox without others', async () => {
    sandbox.server.next((response) => respondXml(response, { retcode: '1', retmsg: '签名错误' }));

    const error = await failureOf(WxPayApiError, query());

    expect(error).toMatchObject({ code: 'SIGN_ERROR', signed: false });
    expect(error.message).toContain('It said: "签名错误".');
  });

  it('does not treat it as signed', async () => {
    const forged = { return_code: 'FAIL', result_code: 'FAIL', err_code: 'ORDERNOTEXIST' };
    sandbox.server.next((response, sign) => respondXml(response, sign(forged)));

    expect(await failureOf(WxPayApiError, query())).toMatchObject({ code: 'FAIL', signed: false });
  });

  it('quotes it without forged or endless log lines', async () => {
    const return_msg = `x\u2028y\nERROR forged ${'z'.repeat(5_000)}`;
    sandbox.server.next((response) => respondXml(response, { return_code: 'FAIL', return_msg }));

    const { message } = await failureOf(WxPayApiError, query());

    expect(message).not.toMatch(/[\n\u2028]/);
    expect(message.length).toBeLessThan(600);
  });

  it('reads from too many requests how long to wait', async () => {
    const orders = sandbox.ordersWith({ now: () => Date.parse('2026-01-02T03:04:05Z') });
    answer(429, '', { 'Retry-After': '7' });
    answer(429, '<html/>', { 'Retry-After': 'Fri, 02 Jan 2026 03:04:15 GMT' });

    const [inSeconds, atDate] = [
      await failureOf(WxPayApiError, query(orders)),
      await failureOf(WxPayApiError, query(orders)),
    ];

    expect(inSeconds).toMatchObject({
      code: 'RATELIMIT_EXCEEDED',
      kind: 'rate-limited',
      signed: false,
      retryAfterMs: 7_000,
    });
    expect(atDate).toMatchObject({ kind: 'rate-limited', signed: false, retryAfterMs: 10_000 });
  });
});

describe("V2Pipeline, receiving a page that is not WeChat Pay's", () => {
  it.each([
    [200, '<html><body>Welcome to nginx</body></html>', '(no content type, 42 bytes). Something'],
    [502, '<html>Bad Gateway</html>', 'that starts with "<html>Bad Gateway</html>"'],
    [200, '', '(no content type, 0 bytes). Something between here'],
    [200, '{"code":"SUCCESS"}', '(no content type, 18 bytes). Something'],
    [302, '', 'Redirects are not followed: correct the host or the proxy.'],
    [204, '', 'HTTP 204'],
    [500, '<xml><return_code>SUCCESS</return_code></xml>', ': its status is not 200. Something between'],
    [200, '<xml><return_msg>OK</return_msg></xml>', ': it has no return_code.'],
    [200, '<xml><return_code>OK</return_code></xml>', ': it has no return_code.'],
    [200, '<xml><a>1</a><a>2</a></xml>', ': it has a field twice.'],
    [
      200,
      '<!DOCTYPE xml [<!ENTITY a "b">]><xml><return_code>&a;</return_code></xml>',
      ': it does not begin with <xml>.',
    ],
  ])('recognises it with status %i: %j', async (status, body, text) => {
    answer(status, body);

    const error = await failureOf(WxPayTransportError, query());

    expect(error).toMatchObject({
      timedOut: false,
      httpStatus: status,
      hosts: [new URL(sandbox.server.url).host],
      merchant: 'default',
    });
    expect(error.message).toContain(`replied to order.query of order T1 with HTTP ${status} and a page`);
    expect(error.message).toContain(text);
  });

  it('quotes nothing of a message, which may have identifiers and signatures', async () => {
    answer(
      200,
      `<xml a="1"><sign>${'A1'.repeat(16)}</sign><openid>oUpF8uN95-Ptaags6E_roPHg7AG0</openid></xml>`,
    );

    const { message } = await failureOf(WxPayTransportError, query());

    expect(message).not.toMatch(/A1A1|oUpF8/);
  });

  it('does not accept it as a close', async () => {
    answer(200, '<html>ok</html>');

    await failureOf(WxPayTransportError, sandbox.orders.close({ outTradeNo: 'T1' }));
  });

  it.each([
    ['in GBK', Buffer.from([...Buffer.from('<xml><return_code>'), 0xd6, 0xd0]), 'it is not UTF-8'],
    ['in UTF-16', Buffer.from('<xml><return_code>FAIL</return_code></xml>', 'utf16le'), 'HTTP 200'],
  ])('recognises as such every message %s', async (_, body, text) => {
    answer(200, body);

    expect((await failureOf(WxPayTransportError, query())).message).toContain(text);
  });
});
