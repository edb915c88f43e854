import { describe, expect, it } from '@jest/globals';
import { loadX509, validFrom } from '../../../../lib/testing/keys/x509.js';

describe('loadX509', () => {
  it.each(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])('names the package to install (%s)', async (code) => {
    const missing = Object.assign(new Error("Cannot find package '@peculiar/x509'"), { code });

    const attempt = loadX509(() => Promise.reject(missing));

    await expect(attempt).rejects.toThrow(
      'https: true and platformCertificates need a package that is not installed. Run "npm install --save-dev @peculiar/x509 reflect-metadata", or leave them out; https takes { cert, key }, too.',
    );
  });

  it('rethrows any other error of the import', async () => {
    const broken = new Error('broken');

    const attempt = loadX509(() => Promise.reject(broken));

    await expect(attempt).rejects.toBe(broken);
  });
});

describe('validFrom', () => {
  it('starts a day ago, in whole seconds', () => {
    const now = Date.UTC(2026, 10, 21, 12, 0, 0, 999);

    expect(validFrom(now, 1)).toEqual({
      notBefore: new Date(Date.UTC(2026, 10, 20, 12)),
      notAfter: new Date(Date.UTC(2027, 10, 21, 12)),
    });
  });
});
