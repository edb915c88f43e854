import { describe, expect, it } from '@jest/globals';
import { X509Certificate, createPrivateKey } from 'node:crypto';
import { selfSignedCertificate } from '../../../lib/testing/self-signed-certificate.js';

describe('selfSignedCertificate', () => {
  it('covers loopback and the host, with a key that belongs to it', async () => {
    const { cert, key } = await selfSignedCertificate('pay.test');

    const certificate = new X509Certificate(cert);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkHost('pay.test')).toBe('pay.test');
    expect(certificate.checkPrivateKey(createPrivateKey(key))).toBe(true);
  });

  it.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])('names the package to install (%s)', async (code) => {
    const missing = Object.assign(new Error("Cannot find package '@peculiar/x509'"), { code });

    const attempt = selfSignedCertificate('localhost', () => Promise.reject(missing));

    await expect(attempt).rejects.toThrow(
      'https: true needs a package that is not installed. Run "npm install --save-dev @peculiar/x509 reflect-metadata", or pass https: { cert, key }.',
    );
  });

  it('passes on any other failure to load the package', async () => {
    const broken = new Error('broken');

    const attempt = selfSignedCertificate('localhost', () => Promise.reject(broken));

    await expect(attempt).rejects.toBe(broken);
  });
});
