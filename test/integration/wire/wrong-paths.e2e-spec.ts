import { describe, expect, it } from '@jest/globals';
import { WxPayTransportError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

// What is tested is the verdict of one attempt.
const sandbox = useSandbox({}, { maxAttempts: 1 });

describe('WxPayClient, requesting an endpoint that does not exist', () => {
  it.each([
    ['GET', '/v3/no/such/path', 404, 'No such path exists there: check the path of the request'],
    ['DELETE', '/v3/certificates', 405, 'not for this method: check the method of the request'],
  ])('names the path or the method of %s %s', async (method, path, httpStatus, hint) => {
    const error = await failureOf(WxPayTransportError, sandbox.merchant.client.request({ method, path }));

    expect(error.httpStatus).toBe(httpStatus);
    expect(error.message).toContain(hint);
    expect(error.message).not.toContain('Something between here and WeChat Pay');
  });
});
