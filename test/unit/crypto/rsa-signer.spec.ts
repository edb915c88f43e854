import { describe, expect, it } from '@jest/globals';
import { verify } from 'node:crypto';
import { inspect } from 'node:util';
import { RsaSigner } from '../../../lib/crypto/rsa-signer.js';
import { WxPaySigner } from '../../../lib/crypto/signer.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();
const serialNo = '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB';
const signer = new RsaSigner({ privateKey: keys.privatePem, serialNo });

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets everything continue that waits for no input or output. */
async function microtasks() {
  for (let left = 20; left > 0; left--) await Promise.resolve();
}

describe('RsaSigner', () => {
  it('exposes its scheme and its serial number', () => {
    expect(signer).toMatchObject({ algorithm: 'WECHATPAY2-SHA256-RSA2048', serialNo });
  });

  it('signs the UTF-8 bytes of the message with SHA-256, in base64', async () => {
    const signature = await signer.sign({ message: 'POST\n/v3\n1\nn\n{"description":"深圳腾大"}\n' });

    const bytes = Buffer.from('POST\n/v3\n1\nn\n{"description":"深圳腾大"}\n', 'utf8');
    expect(signature).toMatch(/^[A-Za-z0-9+/]{342}==$/);
    expect(verify('sha256', bytes, keys.publicKey, Buffer.from(signature, 'base64'))).toBe(true);
  });

  it('computes one signature per turn on the event loop, and the others in the thread pool', async () => {
    const signed: number[] = [];
    const signAll = (...numbers: number[]) =>
      Promise.all(numbers.map((no) => signer.sign({ message: 'message' }).then(() => signed.push(no))));
    await nextTurn();

    const first = signAll(1, 2, 3);
    await microtasks();
    expect(signed).toEqual([1]);

    await first;
    await nextTurn();
    const next = signAll(4);
    await microtasks();
    expect(signed.at(-1)).toBe(4);
    await next;
  });

  it('returns the same signature for the same message', async () => {
    const [first, second] = await Promise.all([
      signer.sign({ message: 'message' }),
      signer.sign({ message: 'message' }),
    ]);

    expect(first).toBe(second);
  });

  it('does not block the event loop while it signs', async () => {
    let hasTurned = false;
    setImmediate(() => {
      hasTurned = true;
    });

    await Promise.all(Array.from({ length: 300 }, () => signer.sign({ message: 'message' })));

    // Signatures made on the loop are all there before it turns for the first time.
    expect(hasTurned).toBe(true);
  });

  it('parses its key once, in the constructor', async () => {
    const bytes = Buffer.from(keys.privatePem);
    const fromBytes = new RsaSigner({ privateKey: bytes, serialNo });

    bytes.fill(0);

    await expect(fromBytes.sign({ message: 'm' })).resolves.toBe(await signer.sign({ message: 'm' }));
  });

  it('shows no key when it is logged', () => {
    const logged = [inspect(signer, { depth: 10, showHidden: true }), JSON.stringify(signer)].join();

    expect(logged).not.toMatch(/KeyObject|PRIVATE/);
    expect(JSON.parse(JSON.stringify(signer))).toEqual({
      algorithm: signer.algorithm,
      serialNo,
      isLocal: true,
    });
  });

  it.each(['', '40-8B-07-E7', 'serial=', 'PUB_KEY_ID_01', 'A'.repeat(65), 12_345])(
    'refuses %j as a serial number',
    (given) => {
      const construct = () => new RsaSigner({ privateKey: keys.privatePem, serialNo: given as string });

      expect(construct).toThrow(
        new WxPayConfigError([
          'serialNo must be the hexadecimal serial number of the merchant API certificate: see "openssl x509 -in apiclient_cert.pem -noout -serial".',
        ]),
      );
    },
  );

  it.each([
    'serial=408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    '40:8B:07:E7:9B:82:69:FE:C3:D5:D3:E6:AB:8E:D1:63:A6:A3:80:DB',
    '408b07e79b8269fec3d5d3e6ab8ed163a6a380db',
    ' 40 8B 07 E7 9B 82 69 FE C3 D5 D3 E6 AB 8E D1 63 A6 A3 80 DB\n',
  ])('accepts the serial number %j, as OpenSSL and browsers print it', (given) => {
    const { serialNo: taken } = new RsaSigner({ privateKey: keys.privatePem, serialNo: given });

    expect(taken).toBe('408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB');
  });

  it.each([undefined, null])('names both if its options are %s', (options) => {
    expect(() => new RsaSigner(options as never)).toThrow(WxPayConfigError);
    expect(() => new RsaSigner(options as never)).toThrow(/privateKey .*serialNo must be/s);
  });

  it('names the faults of key and serial number together', () => {
    expect(() => new RsaSigner({ privateKey: '', serialNo: '' })).toThrow(
      expect.objectContaining({
        code: 'WXPAY_CONFIG',
        faults: [
          'privateKey is empty. Use apiclient_key.pem (BEGIN PRIVATE KEY, or BEGIN RSA PRIVATE KEY).',
          'serialNo must be the hexadecimal serial number of the merchant API certificate: see "openssl x509 -in apiclient_cert.pem -noout -serial".',
        ],
      }),
    );
  });
});

describe('WxPaySigner', () => {
  it('counts as remote by default', () => {
    class KeyServiceSigner extends WxPaySigner {
      readonly algorithm = 'WECHATPAY2-SHA256-RSA2048';
      readonly serialNo = serialNo;
      override sign = (): Promise<string> => Promise.resolve('c2ln');
    }

    expect(new KeyServiceSigner().isLocal).toBe(false);
    expect(signer.isLocal).toBe(true);
  });
});
