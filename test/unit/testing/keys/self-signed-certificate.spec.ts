import { describe, expect, it } from '@jest/globals';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { selfSignedCertificate } from '../../../../lib/testing/keys/self-signed-certificate.js';

describe('selfSignedCertificate', () => {
  it('covers loopback and the host, with a matching key', async () => {
    const { cert, key } = await selfSignedCertificate('pay.test');

    const certificate = new X509Certificate(cert);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkHost('pay.test')).toBe('pay.test');
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });
});
