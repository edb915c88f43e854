import { describe, expect, it } from '@jest/globals';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { issueClientCertificate } from '../../../../lib/testing/keys/client-certificate.js';
import { rsaKeys } from '../../../support/fixtures/rsa-keys.js';

describe('issueClientCertificate', () => {
  const { privatePem, publicKey } = rsaKeys();

  it.each(['5157F09EFDC096DE15EBE81A47057A7232F1B8E1', 'F157F09EFDC096DE15EBE81A47057A7232F1B8E1'])(
    'certifies the key that the merchant signs with, under its serial number %s',
    async (merchantSerialNo) => {
      const { certificate, issuer } = await issueClientCertificate('1900000001', {
        merchant: { merchantPrivateKey: privatePem, merchantSerialNo },
        merchantPublicKey: publicKey,
      });

      const { cert, key } = certificate;
      const x509 = new X509Certificate(cert);
      expect(x509.checkPrivateKey(createPrivateKey(key))).toBe(true);
      expect(key).toBe(privatePem);
      expect(x509.serialNumber).toBe(merchantSerialNo);
      expect(x509.subject).toBe('CN=1900000001');
      expect(x509.verify(new X509Certificate(issuer).publicKey)).toBe(true);
    },
  );
});
