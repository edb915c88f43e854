import { describe, expect, it } from '@jest/globals';
import { readApiV3Key } from '../../../../lib/crypto/aes-gcm.js';
import { parseJson } from '../../../../lib/v3/json.js';
import { downloadCertificates } from '../../../../lib/v3/operations/download-certificates.js';
import { openCertificate } from '../../../../lib/v3/platform-certificates/open-certificate.js';
import { readEncryptionSamples } from '../../../support/encryption-samples.js';

const { certificates } = readEncryptionSamples();
const mchid = '1234567891';

function sealedSample() {
  const json = parseJson(Buffer.from(JSON.stringify(certificates.reply)));
  const [sealed] = downloadCertificates.decode(json, { mchid }, mchid);
  if (sealed === undefined) throw new Error('The sample is empty.');
  return sealed;
}

describe('openCertificate', () => {
  it('opens the published answer of /v3/certificates', () => {
    const opened = openCertificate(sealedSample(), readApiV3Key(certificates.apiV3Key), '$.data[0]');

    expect(opened.serialNo).toBe('5DEA10EF55877E3CF6C33255C2E7DEFFF7E427EC');
    expect(new Date(opened.effectiveAt).toISOString()).toBe('2023-09-19T15:15:58.000Z');
    expect(new Date(opened.expiresAt).toISOString()).toBe('2028-09-17T15:15:58.000Z');
  });

  it('takes the narrower of the times that the list and the certificate say', () => {
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
    const key = readApiV3Key(certificates.apiV3Key);

    const years = [wide, narrow].map((sealed) => {
      const { effectiveAt, expiresAt } = openCertificate(sealed, key, '$');
      return [effectiveAt, expiresAt].map((at) => new Date(at).getUTCFullYear());
    });

    expect(years).toEqual([
      [2023, 2028],
      [2024, 2025],
    ]);
  });
});
