import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  PlatformCertificateVerifier,
  WxPayApiError,
  WxPayConfigError,
  WxPayError,
  WxPayProtocolError,
  WxPaySignatureError,
  WxPayTransportError,
} from 'nestjs-wxpay';
import { CertificateServer, type ListEntry } from '../../support/servers/certificate-server.js';
import { failureOf } from '../../support/assertions/failure-of.js';
import {
  createEllipticKey,
  createPlatformKey,
  type PlatformKey,
} from '../../support/fixtures/platform-keys.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

let key: PlatformKey;
let stranger: PlatformKey;
let server: CertificateServer;
let verifier: PlatformCertificateVerifier;

beforeAll(async () => {
  [key, stranger] = await Promise.all([createPlatformKey(), createPlatformKey()]);
});
beforeEach(async () => {
  server = await CertificateServer.start([key]);
  verifier = new PlatformCertificateVerifier(server.options());
});
afterEach(() => server.stop());

/** Changes one byte of what was encrypted: of the text from the front, of the tag from the back. */
function flipped(ciphertext: string, index: number): string {
  const bytes = Buffer.from(ciphertext, 'base64');
  const at = (bytes.length + index) % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString('base64');
}

type Change = (entry: ListEntry) => void;

const CHANGES: readonly [string, Change, abstract new (...args: never[]) => WxPayError, RegExp][] = [
  [
    'a bit of the ciphertext',
    ({ encrypt_certificate: sealed }) => (sealed.ciphertext = flipped(sealed.ciphertext, 40)),
    WxPaySignatureError,
    /could not be verified: a certificate in it was changed on the way, or its associated data/,
  ],
  [
    'a bit of the tag',
    ({ encrypt_certificate: sealed }) => (sealed.ciphertext = flipped(sealed.ciphertext, -1)),
    WxPaySignatureError,
    /was changed on the way/,
  ],
  [
    'the associated data',
    ({ encrypt_certificate: sealed }) => (sealed.associated_data = 'transaction'),
    WxPaySignatureError,
    /its associated data is not what it was encrypted with; the APIv3 key itself fits/,
  ],
  [
    'the nonce',
    ({ encrypt_certificate: sealed }) => (sealed.nonce = '000000000000'),
    WxPayConfigError,
    /^apiV3Key is not accepted/,
  ],
  [
    'the algorithm',
    ({ encrypt_certificate: sealed }) => (sealed.algorithm = 'AEAD_SM4_128_GCM'),
    WxPayProtocolError,
    /\$\.data has 1 certificates, none of which is an RSA certificate that is valid now\./,
  ],
  [
    'the serial number',
    (entry) => (entry.serial_no = 'ABCDEF'),
    WxPayProtocolError,
    /\$\.data\[0\]\.serial_no is not the serial number of the certificate beside it/,
  ],
  [
    'the expiry to the past',
    (entry) => (entry.expire_time = '2020-01-01T00:00:00+08:00'),
    WxPayProtocolError,
    /\$\.data has 1 certificates, none of which is an RSA certificate that is valid now\. Check the clock/,
  ],
  [
    'a time to one without a zone',
    (entry) => (entry.effective_time = '2020-01-01T00:00:00'),
    WxPayProtocolError,
    /effective_time is a string of 19 characters, not an RFC 3339 date/,
  ],
];

describe('PlatformCertificateVerifier, downloading a list', () => {
  it.each(CHANGES)('refuses a list with %s changed', async (_, change, type, message) => {
    server.changeList = (data) => {
      data.forEach(change);
      return { data };
    };

    const error = await failureOf(type, verifier.acceptedSerialNo());

    expect(error.message).toMatch(message);
  });

  it('refuses the whole list for one certificate that is refused', async () => {
    server.inService = [stranger, key];
    server.changeList = ([first, ...others]) => ({ data: [{ ...first, serial_no: 'ABCDEF' }, ...others] });

    await failureOf(WxPayProtocolError, verifier.acceptedSerialNo());
    await expect(
      verifier.verify({ message: '', signature: '', serialNo: key.serialNo }),
    ).rejects.toBeInstanceOf(WxPayProtocolError);
  });

  it('refuses a key of 1024 bits', async () => {
    server.inService = [await createPlatformKey({ keys: rsaKeys(1024) })];
    server.signListWith = key;

    const error = await failureOf(WxPayProtocolError, verifier.acceptedSerialNo());

    expect(error.message).toContain('is an RSA key of 1024 bits');
  });

  it('skips certificates of other algorithms', async () => {
    server.inService = [await createEllipticKey(), key];

    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
  });

  it('skips certificates with another encryption', async () => {
    server.inService = [stranger, key];
    server.changeList = (data) => {
      if (data[0] !== undefined) data[0].encrypt_certificate.algorithm = 'AEAD_SM4_128_GCM';
      return { data };
    };

    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
  });

  it('refuses a list with certificates of other algorithms only', async () => {
    server.inService = [await createEllipticKey()];
    server.signListWith = key;

    const error = await failureOf(WxPayProtocolError, verifier.acceptedSerialNo());

    expect(error.message).toContain('$.data has 1 certificates, none of which is an RSA certificate');
  });

  it('refuses a list with content that is not a certificate', async () => {
    server.inService = [{ ...key, certificatePem: '{"trade_state":"SUCCESS"}' }];

    const error = await failureOf(WxPayProtocolError, verifier.acceptedSerialNo());

    expect(error).toMatchObject({ path: '$.data[0].encrypt_certificate.ciphertext' });
    expect(error.message).toContain('holds 25 bytes that are no certificate');
  });

  it.each([
    ['of nothing', [], '$.data'],
    ['that is none', 'none', '$.data'],
    ['with a hole', [null], '$.data[0]'],
  ])('refuses a list %s', async (_, data, path) => {
    server.changeList = () => ({ data });

    await expect(verifier.acceptedSerialNo()).rejects.toMatchObject({ code: 'WXPAY_PROTOCOL', path });
  });

  it.each([
    ['without a signature', () => ({}), 'missing'],
    [
      'with the signature of another list',
      (headers: Record<string, string>) => ({ ...headers, 'Wechatpay-Nonce': 'another' }),
      'mismatch',
    ],
    [
      'of the past',
      (headers: Record<string, string>) => ({ ...headers, 'Wechatpay-Timestamp': '1554208460' }),
      'stale',
    ],
    [
      'with a probe for a signature',
      (headers: Record<string, string>) => ({ ...headers, 'Wechatpay-Signature': 'WECHATPAY/SIGNTEST/AAAA' }),
      'probe',
    ],
  ])('refuses a list %s, at first and later', async (_, changeHeaders, reason) => {
    server.changeHeaders = changeHeaders;
    await expect(verifier.acceptedSerialNo()).rejects.toMatchObject({ code: 'WXPAY_SIGNATURE', reason });

    server.changeHeaders = undefined;
    await verifier.acceptedSerialNo();
    server.inService = [key, stranger];
    server.changeHeaders = changeHeaders;

    const judging = verifier.verify({ message: '', signature: '', serialNo: stranger.serialNo });
    await expect(judging).rejects.toMatchObject({ reason: 'unknown-serial', cause: { reason } });
  });

  it('refuses a list that is signed with a certificate outside of it', async () => {
    server.signListWith = stranger;

    const error = await failureOf(WxPaySignatureError, verifier.acceptedSerialNo());

    expect(error.reason).toBe('mismatch');
    expect(error.message).toContain('it is signed with a certificate that is not trusted');
  });

  it('does not verify a list with its own certificates once it holds trusted ones', async () => {
    await verifier.acceptedSerialNo();
    server.inService = [stranger];

    const judging = verifier.verify({ message: '', signature: '', serialNo: stranger.serialNo });

    await expect(judging).rejects.toMatchObject({
      reason: 'unknown-serial',
      cause: { message: expect.stringContaining('or call merchants.replace().') },
    });
    await expect(verifier.acceptedSerialNo()).resolves.toBe(key.serialNo);
  });

  it('refuses a list that is encrypted with another APIv3 key, and names the option', async () => {
    verifier = new PlatformCertificateVerifier({ ...server.options(), apiV3Key: 'k'.repeat(32) });

    const error = await failureOf(WxPayConfigError, verifier.acceptedSerialNo());

    expect(error.message).toBe(
      'apiV3Key is not accepted: a platform certificate cannot be decrypted with this APIv3 key. ' +
        'It is most likely not the one in the merchant console: copy it again, or set a new one there.',
    );
  });
});

describe('PlatformCertificateVerifier, refused the list', () => {
  it.each([
    ['of WeChat Pay', { status: 401, body: '{"code":"SIGN_ERROR"}' }, WxPayApiError],
    ['of something between', { status: 502, body: '<html>' }, WxPayTransportError],
    ['that redirects', { status: 302, body: '' }, WxPayTransportError],
  ])('rejects the call with a refusal %s', async (_, refusal, type) => {
    server.refusal = refusal;

    await failureOf<WxPayError>(type, verifier.acceptedSerialNo());
  });
});
