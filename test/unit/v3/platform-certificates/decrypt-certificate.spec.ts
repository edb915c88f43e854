import { describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { Aes } from 'wechatpay-axios-plugin';
import { readApiV3Key } from '../../../../lib/crypto/aes-gcm.js';
import { parseJson } from '../../../../lib/v3/json.js';
import { downloadCertificates } from '../../../../lib/v3/operations/download-certificates.js';
import { decryptCertificate as decrypt } from '../../../../lib/v3/platform-certificates/decrypt-certificate.js';
import { readEncryptionSamples } from '../../../support/fixtures/encryption-samples.js';
import { createPlatformKey } from '../../../support/fixtures/platform-keys.js';
import { rsaKeys, type RsaKeys } from '../../../support/fixtures/rsa-keys.js';

const { certificates } = readEncryptionSamples();
const key = readApiV3Key(certificates.apiV3Key);
const mchid = '1234567891';

/** One of RSA, which is always used. */
function decryptCertificate(...[sealed, apiV3Key, path]: Parameters<typeof decrypt>) {
  const decrypted = decrypt(sealed, apiV3Key, path);
  if (decrypted === undefined) throw new Error('The certificate is of another algorithm.');
  return decrypted;
}

function sealedSample() {
  const json = parseJson(Buffer.from(JSON.stringify(certificates.reply)));
  const [sealed] = downloadCertificates.decode(json, { mchid }, { mchid });
  if (sealed === undefined) throw new Error('The sample is empty.');
  return sealed;
}

/** Changes the number of the algorithm of the key, rsaEncryption. */
function withUnknownKey(der: Buffer): Buffer {
  const algorithm = Buffer.from('06092a864886f70d010101', 'hex');
  der.writeUInt8(0x63, der.indexOf(algorithm) + algorithm.length - 1);
  return der;
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

describe('decryptCertificate', () => {
  it('decrypts the published reply of /v3/certificates', () => {
    const decrypted = decryptCertificate(sealedSample(), key, '$.data[0]');

    expect(decrypted.serialNo).toBe('5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC');
    expect(new Date(decrypted.effectiveAt).toISOString()).toBe('2023-09-19T15:15:58.000Z');
    expect(new Date(decrypted.expiresAt).toISOString()).toBe('2028-09-17T15:15:58.000Z');
  });

  it('uses the narrower of the periods in the list and in the certificate', () => {
    const wide = {
      ...sealedSample(),
      effectiveTime: new Date('2020-01-01'),
      expireTime: new Date('2040-01-01'),
    };
    const narrow = {
      ...sealedSample(),
      effectiveTime: new Date('2024-01-01'),
      expireTime: new Date('2025-01-01'),
    };
    const years = [wide, narrow].map((sealed) => {
      const { effectiveAt, expiresAt } = decryptCertificate(sealed, key, '$');
      return [effectiveAt, expiresAt].map((at) => new Date(at).getUTCFullYear());
    });

    expect(years).toEqual([
      [2023, 2028],
      [2024, 2025],
    ]);
  });

  it('accepts a serial number in lower case and with leading zeros', () => {
    const { serialNo, ...sealed } = sealedSample();
    const written = `00${serialNo.toLowerCase()}`;

    expect(decryptCertificate({ ...sealed, serialNo: written }, key, '$').serialNo).toBe(written);
  });

  it.each(['5DEA1EF55877E3CF6C33255C2E7DEFFF7E427EC', '5DEA10EF55877E3CF6C33255C2E7DEFFF7E427E'])(
    'refuses %s as another serial number',
    (serialNo) => {
      const decrypting = () => decryptCertificate({ ...sealedSample(), serialNo }, key, '$.data[0]');

      expect(decrypting).toThrow(expect.objectContaining({ path: '$.data[0].serial_no' }));
    },
  );

  it('decrypts a certificate without associated data', async () => {
    const { serialNo, certificatePem, effectiveAt, expiresAt } = await createPlatformKey();
    const nonce = '0123456789ab';
    const ciphertext = Aes.AesGcm.encrypt(certificatePem, certificates.apiV3Key, nonce, '');
    const encryptCertificate = { algorithm: 'AEAD_AES_256_GCM', nonce, ciphertext };

    const decrypted = decryptCertificate(
      { serialNo, effectiveTime: effectiveAt, expireTime: expiresAt, encryptCertificate },
      key,
      '$',
    );

    expect(decrypted.serialNo).toBe(serialNo);
  });

  /** The sample with another certificate in it. */
  async function sealedWith(change: (der: Buffer) => Buffer, keys?: RsaKeys) {
    const { serialNo, certificatePem } = await createPlatformKey({ keys });
    const { encryptCertificate, ...sealed } = sealedSample();
    const { nonce, associatedData = '' } = encryptCertificate;
    const pem = pemOf(change(new X509Certificate(certificatePem).raw));
    const ciphertext = Aes.AesGcm.encrypt(pem, certificates.apiV3Key, nonce, associatedData);
    return { ...sealed, serialNo, encryptCertificate: { ...encryptCertificate, ciphertext } };
  }

  it('names the path of a key that is too short', async () => {
    const sealed = await sealedWith((der) => der, rsaKeys(1024));

    expect(() => decrypt(sealed, key, '$.data[1]')).toThrow(
      expect.objectContaining({
        path: '$.data[1].encrypt_certificate.ciphertext',
        message: expect.stringContaining('is an RSA key of 1024 bits'),
      }),
    );
  });

  it('skips a key of an unknown algorithm', async () => {
    expect(decrypt(await sealedWith(withUnknownKey), key, '$.data[1]')).toBeUndefined();
  });
});
