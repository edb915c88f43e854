import { afterEach, describe, expect, it } from '@jest/globals';
import {
  HmacSha256Signer,
  PublicKeyVerifier,
  RsaSigner,
  WxPayApiError,
  WxPayConfigError,
  WxPayInputError,
  WxPayMerchants,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
  type WxPayMerchant,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';
import { recordCalls } from '../../support/harness/recorded-events.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const calls = recordCalls();
const sandbox = useSandbox({ platformCertificates: true }, { maxAttempts: 1 });
const merchants = new WxPayMerchants();

afterEach(() => merchants.names().forEach((name) => merchants.unregister(name)));

const v2Merchant = (overrides = {}): WxPayMerchant =>
  merchants.register('v2', sandbox.gateway.optionsV2({ maxAttempts: 1, ...overrides }));

describe('WxPayMerchant.selfTest over APIv3', () => {
  it.each(['public-key', 'certificates', 'both'] as const)(
    'resolves if WeChat Pay repeats a random message, verified with %s',
    async (kind) => {
      const merchant = sandbox.merchantWith({ verifier: sandbox.gateway.verifier(kind) });

      await merchant.selfTest();
      await merchant.selfTest();

      const bodies = sandbox.gateway.requests.slice(-2).map(({ body }) => body);
      expect(bodies).toEqual([
        expect.stringMatching(/^\{"echo_message":"[0-9a-f]{32}"\}$/),
        expect.stringMatching(/^\{"echo_message":"[0-9a-f]{32}"\}$/),
      ]);
      expect(bodies[0]).not.toBe(bodies[1]);
      const [last] = sandbox.gateway.requests.slice(-1);
      expect([last?.method, last?.path, last?.operation]).toEqual([
        'POST',
        '/v3/security/echo',
        'security.echo',
      ]);
      expect(last?.headers['wechatpay-serial']).toEqual(expect.any(String));
    },
  );

  it('tries again on the next attempt after a reset, as nothing is changed', async () => {
    sandbox.gateway.next({ fault: 'reset' });

    await sandbox.merchantWith({ maxAttempts: 2 }).selfTest();

    expect(sandbox.gateway.requests.at(-1)?.status).toBe(200);
  });

  it('rejects with kind credentials if WeChat Pay refuses the signature', async () => {
    const { privatePem: privateKey } = rsaKeys();
    const { merchantSerialNo: serialNo } = sandbox.gateway.keys;
    const merchant = sandbox.merchantWith({ signer: new RsaSigner({ privateKey, serialNo }) });

    const error = await failureOf(WxPayApiError, merchant.selfTest());

    expect(error).toMatchObject({ kind: 'credentials', code: 'SIGN_ERROR', operation: 'security.echo' });
  });

  it('rejects if the key of WeChat Pay is another one', async () => {
    const { publicPem: publicKey } = rsaKeys();
    const { publicKeyId } = sandbox.gateway.keys;
    const merchant = sandbox.merchantWith({ verifier: new PublicKeyVerifier({ publicKey, publicKeyId }) });

    const error = await failureOf(WxPaySignatureError, merchant.selfTest());

    expect(error.reason).toBe('mismatch');
  });

  it('rejects a verified reply with another message', async () => {
    sandbox.gateway.next({ reply: { status: 200, body: { echo_message: 'another' } } });

    const error = await failureOf(WxPayProtocolError, sandbox.merchant.selfTest());

    expect(error.path).toBe('$.echo_message');
  });

  it('rejects when its time is up', async () => {
    sandbox.gateway.next({ delayMs: 5_000 });

    const error = await failureOf(WxPayTransportError, sandbox.merchant.selfTest({ timeoutMs: 50 }));

    expect(error.timedOut).toBe(true);
  });

  it('refuses invalid options before anything is sent', async () => {
    const before = sandbox.gateway.requests.length;

    const error = await failureOf(WxPayInputError, sandbox.merchant.selfTest({ timeoutMs: 0 }));

    expect(error.field).toBe('timeoutMs');
    expect(sandbox.gateway.requests.length).toBe(before);
  });

  it('rejects for a merchant that is no longer registered', async () => {
    const merchant = merchants.register('gone', sandbox.gateway.options());
    merchants.unregister('gone');

    await failureOf(WxPayConfigError, merchant.selfTest());
  });
});

describe('WxPayMerchant.selfTest over APIv2', () => {
  it('resolves if WeChat Pay signs that a random order does not exist', async () => {
    await v2Merchant().selfTest();

    const last = sandbox.gateway.requests.at(-1);
    expect([last?.path, last?.operation, last?.code]).toEqual([
      '/pay/orderquery',
      'order.query',
      'ORDERNOTEXIST',
    ]);
  });

  it('rejects with kind credentials if the key is another one', async () => {
    const merchant = v2Merchant({ signer: new HmacSha256Signer({ key: 'x'.repeat(32) }) });

    const error = await failureOf(WxPayApiError, merchant.selfTest());

    expect(error).toMatchObject({ kind: 'credentials', signed: false });
  });

  it('names itself, not the random order, and is a success for telemetry', async () => {
    await v2Merchant().selfTest();

    expect(calls.over).toHaveLength(1);
    expect(calls.over[0]).toMatchObject({ operation: 'selfTest', outcome: 'success', attempts: 1 });
    expect([calls.over[0]?.outTradeNo, calls.over[0]?.error]).toEqual([undefined, undefined]);
  });

  it('rejects with another refusal that is signed', async () => {
    sandbox.gateway.next({ status: 200, code: 'SYSTEMERROR' });

    const error = await failureOf(WxPayApiError, v2Merchant().selfTest());

    expect([error.kind, error.message]).toEqual([
      'gateway',
      expect.stringContaining('refused selfTest of a random order'),
    ]);
  });

  it.each(['0123', 'x', 5])('refuses an invalid sub-merchant before anything is sent: %j', async (given) => {
    const before = sandbox.gateway.requests.length;

    const error = await failureOf(WxPayInputError, v2Merchant().selfTest({ subMchid: given as string }));

    expect([error.field, sandbox.gateway.requests.length]).toEqual(['subMchid', before]);
  });

  it('rejects a "does not exist" whose signature is wrong', async () => {
    sandbox.gateway.next({ fault: 'wrong-signature' });

    await failureOf(WxPaySignatureError, v2Merchant().selfTest());
  });

  it('rejects with kind permission if the merchant may not use the API', async () => {
    sandbox.gateway.next({ status: 200, code: 'NOAUTH' });

    const error = await failureOf(WxPayApiError, v2Merchant().selfTest());

    expect(error.kind).toBe('permission');
  });
});

describe('WxPayMerchant.selfTest of a service provider over APIv2', () => {
  const provider = useSandbox({ serviceProvider: true });
  const merchant = (): WxPayMerchant => merchants.register('provider', provider.gateway.optionsV2());

  it('resolves if it names a sub-merchant', async () => {
    await merchant().selfTest({ subMchid: '1900000109' });

    expect(provider.gateway.requests.at(-1)?.code).toBe('ORDERNOTEXIST');
  });

  it('rejects with the field of the sub-merchant if it names none', async () => {
    const error = await failureOf(WxPayApiError, merchant().selfTest());

    expect(error).toMatchObject({
      kind: 'permission',
      code: 'NO_AUTH',
      signed: false,
      detail: { field: 'sub_mch_id' },
    });
    expect(error.message).toContain('受理机构必须传入sub_mch_id');
    expect(provider.gateway.requests.at(-1)?.code).toBe('NOAUTH');
  });
});
