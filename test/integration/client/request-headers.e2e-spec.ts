import { describe, expect, it } from '@jest/globals';
import { WxPayInputError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({}, { maxAttempts: 1 });

describe('headers of a request', () => {
  it('are sent beside those of the package', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: {} } });

    await sandbox.merchant.client.request({
      method: 'GET',
      path: '/v3/some/thing',
      headers: { 'Accept-Language': 'en', 'X-Trace': 'a b' },
    });

    expect(sandbox.gateway.requests.at(-1)?.headers).toMatchObject({
      'accept-language': 'en',
      'x-trace': 'a b',
      accept: 'application/json',
      'wechatpay-serial': sandbox.gateway.keys.publicKeyId,
    });
  });

  it.each([
    [{ Authorization: 'x' }, 'Authorization is set by the package'],
    [{ accept: 'text/xml' }, 'accept is set by the package'],
    [{ 'Content-Type': 'text/xml' }, 'Content-Type is set by the package'],
    [{ 'user-agent': 'x' }, 'user-agent is set by the package'],
    [{ Host: 'evil.example' }, 'Host is set by the package'],
    [{ 'Transfer-Encoding': 'chunked' }, 'Transfer-Encoding is set by the package'],
    [{ 'Wechatpay-Signature': 'x' }, 'Wechatpay-Signature is set by the package'],
    [{ 'Proxy-Authorization': 'x' }, 'Proxy-Authorization is set by the package'],
    [{ 'X-A': '1', 'x-a': '2' }, 'x-a is given twice'],
    [{ 'X A': '1' }, 'a name in it is not a token'],
    [{ 'X-A': 'a\r\nHost: evil.example' }, 'X-A has a value that is not printable ASCII'],
    [{ 'X-A': '' }, 'X-A has a value that is not printable ASCII'],
    [{ 'X-A': '中' }, 'X-A has a value that is not printable ASCII'],
    [{ 'Wechatpay-Serial': 'a b' }, 'Wechatpay-Serial is not the identifier of a key'],
    [{ 'X-A': 1 }, 'must be an object of strings'],
    [new Map([['X-A', 'b']]), 'must be an object of strings'],
    [null, 'must be an object of strings'],
  ])('are refused before anything is sent: %j', async (headers, problem) => {
    const before = sandbox.gateway.requests.length;
    const request = { method: 'GET', path: '/v3/x', headers } as { method: string; path: string };

    const error = await failureOf(WxPayInputError, sandbox.merchant.client.request(request));

    expect(error.field).toBe('headers');
    expect(error.message).toContain(problem);
    expect(sandbox.gateway.requests).toHaveLength(before);
  });
});
