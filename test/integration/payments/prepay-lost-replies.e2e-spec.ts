import { HttpService } from '@nestjs/axios';
import type { AxiosResponse } from 'axios';
import { describe, expect, it } from '@jest/globals';
import {
  WxPayProtocolError,
  WxPaySigner,
  WxPaySignatureError,
  WxPayTransportError,
  type PrepayService,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { newOrder, OPENID } from '../../support/harness/placing.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const once = (): PrepayService => sandbox.merchantWith({ maxAttempts: 1 }).prepay;
const SAME_CONTENT = 'repeat the call with exactly the same content, and the order is placed once.';

/** Signs requests, and fails when it is asked for pay parameters. */
class HalfSigner extends WxPaySigner {
  readonly #own = sandbox.gateway.options().signer;
  readonly algorithm = this.#own.algorithm;
  readonly serialNo = this.#own.serialNo;
  readonly #atPay: () => Promise<string>;

  constructor(atPay: () => Promise<string>) {
    super();
    this.#atPay = atPay;
  }

  sign(input: { readonly message: string }): Promise<string> {
    return input.message.startsWith('POST\n') ? this.#own.sign(input) : this.#atPay();
  }
}

describe('a lost reply to a prepay request', () => {
  it('makes the library send the same content again, within the call', async () => {
    const request = newOrder();
    sandbox.gateway.next({ fault: 'reset' });

    const { codeUrl } = await sandbox.merchant.prepay.native(request);

    const [first, second] = sandbox.gateway.requests.slice(-2);
    expect(codeUrl).toMatch(/^weixin:/);
    expect(second?.body).toBe(first?.body);
    expect(second?.headers.authorization).not.toBe(first?.headers.authorization);
    expect(
      sandbox.gateway.orders.list().filter((each) => each.outTradeNo === request.outTradeNo),
    ).toHaveLength(1);
  });

  it('leaves the outcome unknown, and the same content may be sent again', async () => {
    const request = newOrder();
    sandbox.gateway.next({ fault: 'reset' });

    const error = await failureOf(WxPayTransportError, once().native(request));

    expect(error).toMatchObject({ outcomeUnknown: true, retryable: true });
    expect(error.message).toContain(SAME_CONTENT);
    expect(error.message).toContain(`order.prepay of order ${request.outTradeNo}`);
    expect(sandbox.gateway.orders.get(request.outTradeNo)).toBeDefined();
    await expect(once().native(request)).resolves.toMatchObject({ ref: { outTradeNo: request.outTradeNo } });
  });

  it('leaves no doubt where nothing was sent', async () => {
    const { prepay } = sandbox.merchantWith({ hosts: ['http://127.0.0.1:1'], maxAttempts: 1 });

    const error = await failureOf(WxPayTransportError, prepay.native(newOrder()));

    expect(error.outcomeUnknown).toBeUndefined();
  });
});

describe('a reply to a prepay request', () => {
  /** Answers every later call with the reply to the first one. */
  const repeatingHttp = (): HttpService => {
    const httpService = new HttpService(new HttpService().axiosRef.create());
    let kept: AxiosResponse | undefined;
    httpService.axiosRef.interceptors.response.use((reply) => (kept ??= reply));
    return httpService;
  };

  it('is accepted once: it names no order, and another customer would pay this one', async () => {
    const { prepay } = sandbox.merchantWith({ httpService: repeatingHttp(), maxAttempts: 1 });
    await prepay.native(newOrder());

    const error = await failureOf(WxPaySignatureError, prepay.native(newOrder()));

    expect(error).toMatchObject({ reason: 'stale', outcomeUnknown: true });
    expect(error.message).toContain('was already accepted for another call');
  });

  it('cannot stand in for the reply to another order', async () => {
    const { ref } = await once().native(newOrder());
    const { outTradeNo } = ref;
    sandbox.gateway.next({ fault: 'replayed', outTradeNo });

    const error = await failureOf(WxPaySignatureError, once().native(newOrder()));

    expect(error).toMatchObject({ reason: 'stale', outcomeUnknown: true });
  });

  it.each<[string, unknown, string]>([
    ['of another form', { prepay_id: 'wx201410272009395522657a690389285100' }, '$.code_url is missing'],
    ['without a member', {}, '$.code_url is missing'],
    ['with an empty member', { code_url: '' }, '$.code_url is empty'],
    ['with a number', { code_url: 1 }, '$.code_url is a number'],
    ['with another scheme', { code_url: 'javascript:alert(1)' }, '$.code_url is a string of 19 characters'],
    ['with a line end', { code_url: 'weixin://wxpay\n' }, '$.code_url is a string of 15 characters'],
    ['that is no object', ['weixin://wxpay/bizpayurl?pr=1'], '$.code_url is missing'],
  ])('is refused if it is one %s', async (_, body, problem) => {
    sandbox.gateway.next({ reply: { status: 200, body } });

    const error = await failureOf(WxPayProtocolError, once().native(newOrder()));

    expect(error).toMatchObject({ outcomeUnknown: true });
    expect(error.message).toContain(problem);
  });

  it.each(['wx 1', 'wx1\nprepay_id=wx2', 'wx1&package=', 'x'.repeat(65), '订单'])(
    'is refused if its prepay_id is %j, which would change the signed text',
    async (prepay_id) => {
      sandbox.gateway.next({ reply: { status: 200, body: { prepay_id } } });
      const request = { ...newOrder(), payer: { openid: OPENID } };

      const error = await failureOf(WxPayProtocolError, once().jsapi(request));

      expect(error.message).toContain('$.prepay_id is a string of');
    },
  );

  it('is rejected without a signature', async () => {
    sandbox.gateway.next({ fault: 'wrong-signature' });

    await expect(once().native(newOrder())).rejects.toMatchObject({ code: 'WXPAY_SIGNATURE' });
  });
});

describe('a signer that fails after the order was placed', () => {
  it('fails the call, which may be repeated with the same content', async () => {
    const signer = new HalfSigner(() => Promise.reject(new Error('HSM offline')));
    const request = newOrder();

    const error = await failureOf(WxPayTransportError, sandbox.merchantWith({ signer }).prepay.app(request));

    expect(error).toMatchObject({ retryable: true, outcomeUnknown: true });
    expect(error.message).toContain(SAME_CONTENT);
    expect(error.message).toContain(
      `The signer failed during prepay.sign of order ${request.outTradeNo} (HSM offline)`,
    );
    await expect(sandbox.merchant.prepay.app(request)).resolves.toHaveProperty('pay.sign');
  });

  it('ends the call with a timeout if it hangs', async () => {
    const signer = new HalfSigner(() => new Promise(() => {}));
    const { prepay } = sandbox.merchantWith({ signer });

    const error = await failureOf(WxPayTransportError, prepay.app(newOrder(), { timeoutMs: 400 }));

    expect(error).toMatchObject({ timedOut: true, outcomeUnknown: true });
    expect(error.message).toMatch(/^prepay\.sign of order PREPAY-\d+ took more than \d+ ms \(.*signing\)/);
  });

  it('rejects with the reason of the abort when the caller aborts', async () => {
    const signer = new HalfSigner(() => new Promise(() => {}));
    const { prepay } = sandbox.merchantWith({ signer });
    const controller = new AbortController();
    const signing = prepay.sign('app', 'wx1', { signal: controller.signal });

    controller.abort(new Error('closed'));

    await expect(signing).rejects.toThrow('closed');
  });
});
