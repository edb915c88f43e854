import { describe, expect, it } from '@jest/globals';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { Deadline } from '../../../lib/transport/deadline.js';
import {
  attemptTimedOut,
  callTimedOut,
  keyServiceFailed,
  noConnectionMade,
  noReply,
  notAWeChatPayReply,
} from '../../../lib/transport/failures.js';
import { SendError, type SendFault } from '../../../lib/transport/http/send-error.js';
import { CALL } from '../../support/harness/steps.js';

const HOST = 'https://api.mch.weixin.qq.com';
const BACKUP = 'https://api2.mch.weixin.qq.com:8443';
const [ADDRESS, BACKUP_ADDRESS] = ['api.mch.weixin.qq.com', 'api2.mch.weixin.qq.com:8443'];
const NAME = 'order.query of order T1';
const PROXY =
  'HTTPS_PROXY is not used: behind a proxy, pass an httpsAgent that goes through it (docs/timeouts-and-failover.md).';
const CHECK_PROXY = 'If the httpService uses a proxy, check that it can be reached.';
const CHECK_EGRESS = `check DNS, TLS, firewall and egress rules for this host. ${PROXY}`;
const UNSENT = `Nothing was sent, as no connection could be made: ${CHECK_EGRESS}`;
const SENT_BEFORE = `No connection could be made: ${CHECK_EGRESS}`;
const CHECK_NETWORK = 'If that happens often, check the network on the way.';
const ONE_ATTEMPT = { merchant: 'default', hosts: [ADDRESS], attempts: 1 };

describe('callTimedOut', () => {
  it.each<[string | undefined, string[], boolean, string[], string]>([
    [
      undefined,
      [],
      false,
      [],
      'most of the time went into waiting). Nothing was sent: make fewer calls at a time, or give them more time.',
    ],
    [
      'signing',
      [HOST],
      false,
      [ADDRESS],
      `${ADDRESS}; most of the time went into signing). Nothing was sent: repeat the call, or give it more time.`,
    ],
    ['sending', [HOST], false, [ADDRESS], `${ADDRESS}; most of the time went into connecting). ${UNSENT}`],
    [
      'sending',
      [HOST, HOST, BACKUP],
      true,
      [ADDRESS, BACKUP_ADDRESS],
      `${ADDRESS}, ${BACKUP_ADDRESS}; 3 attempts; most of the time went into sending). If that happens often, give the call more time.`,
    ],
  ])('describes a call whose slowest step is %s, to %j, sent: %j', (step, tried, sent, hosts, end) => {
    const deadline = new Deadline(1_999.5);
    if (step !== undefined) deadline.enter(step);
    deadline.stop();

    const error = callTimedOut(CALL, { tried, sent, deadline });

    expect(error).toMatchObject({
      message: `WeChat Pay did not reply to ${NAME} within 2000 ms (${end}`,
      merchant: 'default',
      hosts,
      attempts: tried.length,
      timedOut: true,
      retryable: true,
    });
  });
});

describe('the timeout of an attempt', () => {
  it('is described with its host and its time', () => {
    expect(attemptTimedOut(CALL, HOST, 499.5)).toMatchObject({
      ...ONE_ATTEMPT,
      message: `${ADDRESS} did not reply to ${NAME} within 500 ms. ${CHECK_NETWORK}`,
      timedOut: true,
    });
  });

  it.each([
    [false, UNSENT],
    [true, SENT_BEFORE],
  ])('gives advice on the connection if none was made, sent before: %j', (sentBefore, advice) => {
    expect(noConnectionMade(CALL, HOST, { timeoutMs: 499.5, sentBefore })).toMatchObject({
      ...ONE_ATTEMPT,
      message: `No connection to ${ADDRESS} for ${NAME} was made within 500 ms. ${advice}`,
      timedOut: true,
    });
  });
});

describe('noReply', () => {
  const broken = `The connection to ${ADDRESS} broke before the reply to ${NAME} was complete (reset). ${CHECK_NETWORK}`;
  const unreachable = `WeChat Pay could not be reached at ${ADDRESS} for ${NAME} (reset). `;

  it.each<[SendFault, boolean, boolean, string, boolean]>([
    [
      'not-a-response',
      true,
      false,
      `The httpService returned no response of axios for ${NAME}, so the reply cannot be verified. Have the interceptors of this httpService return responses as they are.`,
      false,
    ],
    [
      'too-large',
      true,
      false,
      `The reply of ${ADDRESS} to ${NAME} is larger than 1000 bytes, so it was dropped. Check which server replies at this host; the option maxReplyBytes sets the limit.`,
      false,
    ],
    ['broken', true, false, broken, true],
    ['stale-connection', true, true, broken, true],
    ['broken', false, false, unreachable + UNSENT, true],
    ['unreachable', false, true, unreachable + SENT_BEFORE, true],
    ['unconnected', false, false, unreachable + UNSENT.replace(PROXY, CHECK_PROXY), true],
    ['unreachable', true, false, `${unreachable}Check network, DNS, TLS and egress rules.`, true],
  ])('describes the fault %s, sent: %j, sent before: %j', (fault, sent, sentBefore, message, hasCause) => {
    const cause = new Error('reset');

    const error = noReply(CALL, HOST, {
      error: new SendError(fault, cause),
      maxReplyBytes: 1_000,
      sent,
      sentBefore,
    });

    expect(error).toMatchObject({ ...ONE_ATTEMPT, message, timedOut: false, retryable: true });
    expect(error.cause).toEqual(hasCause ? cause : undefined);
  });
});

describe('notAWeChatPayReply', () => {
  const REDIRECT = 'Redirects are not followed: correct the host or the proxy.';
  const NO_PATH =
    'No such path exists there: check the path of the request, then that the host is one of WeChat Pay.';
  const NO_METHOD = 'The path exists, but not for this method: check the method of the request.';
  const OTHER = 'Something between here and WeChat Pay may have replied: check the host and the proxy.';
  const html = { 'content-type': 'text/html' };
  const page = '<h1>Hello</h1>';
  const quoted = `(text/html, 14 bytes) that starts with "${page}". `;

  it.each<[number, Record<string, string>, string, string | undefined, string]>([
    [200, html, page, undefined, `(text/html, 14 bytes). ${OTHER}`],
    [299, {}, '', undefined, `(no content type, 0 bytes). ${OTHER}`],
    [300, html, page, undefined, quoted + REDIRECT],
    [302, {}, '', undefined, `(no content type, 0 bytes). ${REDIRECT}`],
    [399, html, page, undefined, quoted + REDIRECT],
    [400, html, page, undefined, quoted + OTHER],
    [404, html, page, undefined, quoted + NO_PATH],
    [405, html, page, undefined, quoted + NO_METHOD],
    [
      502,
      html,
      'ab '.repeat(50),
      undefined,
      `(text/html, 150 bytes) that starts with "${'ab '.repeat(50).slice(0, 80)}". ${OTHER}`,
    ],
    [502, html, page, 'it is no gzip', `(text/html, 14 bytes): it is no gzip. ${OTHER}`],
  ])('describes HTTP %i with %j, %j and the problem %j', (status, headers, body, problem, end) => {
    const get = (name: string) => headers[name];

    const error = notAWeChatPayReply(
      CALL,
      HOST,
      { status, headers: { get }, body: Buffer.from(body) },
      problem,
    );

    expect(error).toMatchObject({
      ...ONE_ATTEMPT,
      message: `${ADDRESS} replied to ${NAME} with HTTP ${status} and a page that is not WeChat Pay's ${end}`,
      httpStatus: status,
    });
  });
});

describe('keyServiceFailed', () => {
  it.each([
    new WxPaySignatureError('stale'),
    new WxPayConfigError(['The key is missing.']),
    new WxPayTransportError('It broke.'),
  ])('throws a $name unchanged', (error) => {
    expect(keyServiceFailed(CALL, 'verifier', error)).toBe(error);
  });

  it.each([
    ['NO_AUTH', 403, false],
    ['SYSTEM_ERROR', 500, true],
  ])('makes a refusal with %s the cause', (code, httpStatus, retryable) => {
    const call = { ...CALL, operation: 'certificates.download' };
    const refusal = new WxPayApiError({ call, code, httpStatus, signed: true });

    const error = keyServiceFailed(CALL, 'verifier', refusal);

    expect(error).toBeInstanceOf(WxPayTransportError);
    expect(error).toMatchObject({
      message: `The verifier failed during ${NAME}: ${refusal.message}`,
      merchant: 'default',
      retryable,
    });
    expect(error.cause).toBe(refusal);
  });

  it('describes any other error with its message', () => {
    const error = keyServiceFailed(CALL, 'signer', new Error('HSM busy'));

    expect(error).toMatchObject({
      message: `The signer failed during ${NAME} (HSM busy). Check the key service that it uses.`,
      merchant: 'default',
      retryable: true,
    });
    expect(error.cause).toMatchObject({ message: 'HSM busy' });
  });
});
