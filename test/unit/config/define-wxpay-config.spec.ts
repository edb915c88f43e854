import { afterEach, describe, expect, it } from '@jest/globals';
import { defineWxPayConfig } from '../../../lib/config/index.js';
import { WxPayConfigError, WxPaySigner } from '../../../lib/index.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const merchant = rsaKeys();
const weChatPay = rsaKeys();
const before = { ...process.env };

function setEnvironment(prefix: string, mchid: string): void {
  process.env[`${prefix}MCHID`] = mchid;
  process.env[`${prefix}SERIAL_NO`] = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
  process.env[`${prefix}PRIVATE_KEY`] = merchant.privatePem;
  process.env[`${prefix}PUBLIC_KEY_ID`] = 'PUB_KEY_ID_1';
  process.env[`${prefix}PUBLIC_KEY`] = weChatPay.publicPem;
}

/** Signs where the private key is: nowhere near. */
class KeyServiceSigner extends WxPaySigner {
  readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';

  constructor(readonly serialNo: string) {
    super();
  }

  override async sign(): Promise<string> {
    return 'c2ln';
  }
}

describe('defineWxPayConfig', () => {
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  });

  it('reads the environment at the call, not at the definition', () => {
    const config = defineWxPayConfig();

    setEnvironment('WXPAY_', '1900007291');

    expect(config()).toMatchObject({ mchid: '1900007291' });
  });

  it('reads each merchant from the variables of its prefix', () => {
    setEnvironment('WXPAY_', '1900007291');
    setEnvironment('WXPAY_EU_', '1900007292');

    const options = defineWxPayConfig({ name: 'eu', prefix: 'WXPAY_EU_' })();

    expect(options).toMatchObject({ mchid: '1900007292' });
  });

  it.each([
    [{}, 'nestjs-wxpay/WXPAY_/'],
    [{ name: 'eu.1', prefix: 'EU_' }, 'nestjs-wxpay/EU_/eu%2E1'],
  ])('has a key of its own with %j', (options, key) => {
    expect(defineWxPayConfig(options).KEY).toBe(`CONFIGURATION(${key})`);
  });

  it('names the merchant and its variables when they are faulty', () => {
    setEnvironment('WXPAY_', '1900007291');
    setEnvironment('WXPAY_EU_', 'none');

    const read = defineWxPayConfig({ name: 'eu', prefix: 'WXPAY_EU_' });

    expect(read).toThrow(WxPayConfigError);
    expect(read).toThrow(
      expect.objectContaining({
        merchant: 'eu',
        faults: ['WXPAY_EU_MCHID must be the merchant number: digits only.'],
      }),
    );
  });

  it('creates the signer with the given factory, from the serial number alone', () => {
    setEnvironment('WXPAY_', '1900007291');
    delete process.env['WXPAY_PRIVATE_KEY'];

    const options = defineWxPayConfig({ signer: ({ serialNo }) => new KeyServiceSigner(serialNo) })();

    expect(options).toMatchObject({
      signer: new KeyServiceSigner('408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB'),
      verifier: expect.anything(),
    });
  });

  it('creates no signer without the serial number, and reports nothing else', () => {
    setEnvironment('WXPAY_', '1900007291');
    delete process.env['WXPAY_SERIAL_NO'];
    const made: string[] = [];

    const read = defineWxPayConfig({
      signer: ({ serialNo }) => {
        made.push(serialNo);
        return new KeyServiceSigner(serialNo);
      },
    });

    expect(read).toThrow(
      expect.objectContaining({ faults: [expect.stringMatching(/^WXPAY_SERIAL_NO is not set\. /)] }),
    );
    expect(made).toEqual([]);
  });

  it('gives each merchant its own key in the container', () => {
    const keys = [
      defineWxPayConfig(),
      defineWxPayConfig({ prefix: 'WXPAY_EU_' }),
      defineWxPayConfig({ name: 'eu', prefix: 'WXPAY_EU_' }),
      defineWxPayConfig({ name: 'eu' }),
    ].map(({ KEY }) => KEY);

    expect(new Set(keys).size).toBe(4);
  });

  it('has a key without path syntax of @nestjs/config', () => {
    const { KEY } = defineWxPayConfig({ name: 'a.b[0]', prefix: 'WXPAY.' });

    expect(KEY).toBe('CONFIGURATION(nestjs-wxpay/WXPAY%2E/a%2Eb%5B0%5D)');
  });
});
