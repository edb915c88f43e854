import { describe, expect, it } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import {
  WxPayConfigError,
  WxPayInputError,
  WxPaySigner,
  WxPayTransportError,
  WxPayVerifier,
  WxPayMerchants,
} from 'nestjs-wxpay';
import { Rsa } from 'wechatpay-axios-plugin';
import { failureOf } from '../../support/assertions/failure-of.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox({ platformCertificates: true }, { maxAttempts: 1 });

/** Public half of the merchant's key, as WeChat Pay has it from the merchant API certificate. */
function merchantPublicKey(): string {
  const key = createPublicKey(sandbox.gateway.keys.merchantPrivateKey);
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** Ports of an app without the optional methods. */
class OwnSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
  readonly serialNo = '4A';
  override sign(): Promise<string> {
    return Promise.reject(new Error('not used'));
  }
}
class OwnVerifier extends WxPayVerifier {
  override acceptedSerialNo(): Promise<string> {
    return Promise.resolve('4A');
  }
  override verify(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

describe('WxPayClient.encrypt', () => {
  it.each(['public-key', 'certificates', 'both'] as const)(
    'encrypts for WeChat Pay, whose reply is signed with the same key: %s',
    async (kind) => {
      const { gateway } = sandbox;
      const { client } = sandbox.merchantWith({ verifier: gateway.verifier(kind) });

      const { ciphertext, serialNo } = await client.encrypt('张三');
      gateway.next({ reply: { status: 200, body: { done: true } } });
      const reply = await client.request({
        method: 'POST',
        path: '/v3/some/thing',
        headers: { 'Wechatpay-Serial': serialNo },
        body: { user_name: ciphertext },
      });

      const certificates = gateway.platformCertificates.map((each) => each.serialNo);
      expect(kind === 'certificates' ? certificates : [gateway.keys.publicKeyId]).toContain(serialNo);
      expect(gateway.requests.at(-1)?.headers['wechatpay-serial']).toBe(serialNo);
      expect(reply).toEqual({ done: true });
    },
  );

  it('accepts the key of an older certificate that is still held', async () => {
    const { gateway } = sandbox;
    const { client } = sandbox.merchantWith({ verifier: gateway.verifier('certificates') });
    const { serialNo } = await client.encrypt('张三');
    await gateway.rotateCertificate();
    gateway.next({ reply: { status: 200, body: {} } });

    await client.request({
      method: 'POST',
      path: '/v3/some/thing',
      headers: { 'wechatpay-serial': serialNo },
      body: {},
    });

    expect(gateway.requests.at(-1)?.headers['wechatpay-serial']).toBe(serialNo);
  });

  it('refuses a key that the verifier does not have, before anything is sent', async () => {
    const before = sandbox.gateway.requests.length;

    const error = await failureOf(
      WxPayInputError,
      sandbox.merchant.client.request({
        method: 'POST',
        path: '/v3/some/thing',
        headers: { 'Wechatpay-Serial': 'PUB_KEY_ID_OTHER' },
        body: {},
      }),
    );

    expect(error.field).toBe('headers');
    expect(error.message).toContain('that the verifier does not have');
    expect(sandbox.gateway.requests).toHaveLength(before);
  });

  it.each([
    ['', 'an empty one'],
    [undefined, 'undefined'],
    [null, 'null'],
    [1, 'number'],
  ])('refuses %j', async (text, received) => {
    const error = await failureOf(WxPayInputError, sandbox.merchant.client.encrypt(text as string));

    expect(error.message).toBe(`text must be a string that is not empty; received ${received}.`);
  });

  it('says what the verifier of an app lacks', async () => {
    const { client } = sandbox.merchantWith({ verifier: new OwnVerifier() });

    const error = await failureOf(WxPayConfigError, client.encrypt('张三'));

    expect(error.message).toMatch(
      /The verifier of this merchant has no method encrypt\(\): add it to your verifier\./,
    );
  });

  it.each([
    ['nothing', undefined],
    ['no key', { ciphertext: 'c2ln' }],
    ['no base64', { ciphertext: '张三', serialNo: 'PUB_KEY_ID_1' }],
    ['a key that is no header', { ciphertext: 'c2ln', serialNo: 'a\nb' }],
  ])('refuses a verifier that returns %s', async (_, returned) => {
    const verifier = Object.assign(new OwnVerifier(), { encrypt: () => Promise.resolve(returned) });
    const { client } = sandbox.merchantWith({ verifier });

    const error = await failureOf(WxPayTransportError, client.encrypt('张三'));

    expect(error.message).toContain('it did not return { ciphertext, serialNo }');
    expect(error.message).not.toContain('张三');
  });

  it('ends in time when a key service hangs', async () => {
    const encrypt = () => new Promise<never>(() => undefined);
    const verifier = Object.assign(new OwnVerifier(), { encrypt });
    const { client } = sandbox.merchantWith({ verifier });

    const error = await failureOf(WxPayTransportError, client.encrypt('张三', { timeoutMs: 20 }));

    expect(error).toMatchObject({ timedOut: true });
    expect(error.message).toContain('A sensitive field could not be encrypted within 20 ms');
  });
});

describe('WxPayClient.decrypt', () => {
  it('decrypts what WeChat Pay encrypted for the merchant', async () => {
    const ciphertext = Rsa.encrypt('张三', merchantPublicKey());

    await expect(sandbox.merchant.client.decrypt(ciphertext)).resolves.toBe('张三');
  });

  it('decrypts many at a time', async () => {
    const ciphertext = Rsa.encrypt('张三', merchantPublicKey());
    const many = Array.from({ length: 20 }, () => sandbox.merchant.client.decrypt(ciphertext));

    expect(new Set(await Promise.all(many))).toEqual(new Set(['张三']));
  });

  it('names the ciphertext that it cannot decrypt, without its content', async () => {
    const ciphertext = Rsa.encrypt('张三', sandbox.gateway.keys.platformPublicKey);

    const error = await failureOf(WxPayInputError, sandbox.merchant.client.decrypt(ciphertext));

    expect(error.field).toBe('ciphertext');
    expect(error.message).not.toContain(ciphertext.slice(0, 8));
  });

  it('says what the signer of an app lacks', async () => {
    const { client } = sandbox.merchantWith({ signer: new OwnSigner() });

    const error = await failureOf(WxPayConfigError, client.decrypt('c2ln'));

    expect(error.message).toMatch(
      /The signer of this merchant has no method decrypt\(\): .*RsaSigner has one\./,
    );
  });

  it('names the failure of a key service', async () => {
    const decrypt = () => Promise.reject(new Error('HSM is down'));
    const signer = Object.assign(new OwnSigner(), { decrypt });
    const { client } = sandbox.merchantWith({ signer });

    const error = await failureOf(WxPayTransportError, client.decrypt('c2ln'));

    expect(error.message).toContain('The signer failed during decrypt of a sensitive field (HSM is down).');
  });

  it('stops with the reason of the caller', async () => {
    const reason = new Error('enough');

    await expect(sandbox.merchant.client.decrypt('c2ln', { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});

describe('a merchant of APIv2', () => {
  it('says that sensitive fields need APIv3', async () => {
    const merchants = new WxPayMerchants();
    const { client } = merchants.register('v2', sandbox.gateway.optionsV2());

    await expect(client.encrypt('张三')).rejects.toThrow(/in APIv3 only/);
    await expect(client.decrypt('c2ln')).rejects.toThrow(/in APIv3 only/);
    await merchants.onModuleDestroy();
  });
});
