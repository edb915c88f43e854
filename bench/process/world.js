import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// No entry exports it; the CommonJS build keeps a file for each source.
import { selfSignedCertificate } from '../../dist/cjs/testing/keys/self-signed-certificate.js';

/** The name that two of the clients know WeChat Pay by, and that the certificate of the gateway therefore bears. */
export const HOST = 'api.mch.weixin.qq.com';

/** What gateway and clients share: one merchant, its keys, and a certificate. Plain values, as they cross processes. */
export async function createWorld() {
  const pem = {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  };
  const rsaKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048, ...pem });
  const folder = mkdtempSync(join(tmpdir(), 'wxpay-bench-'));
  const tls = await selfSignedCertificate(HOST);
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, tls.cert);
  return {
    mchid: '1900000001',
    appid: 'wxd678efh567hg6787',
    serialNo: randomBytes(20).toString('hex').toUpperCase(),
    publicKeyId: 'PUB_KEY_ID_0119000000012024',
    apiV2Key: randomBytes(16).toString('hex'),
    merchant: rsaKeys(),
    platform: rsaKeys(),
    tls,
    caFile,
    folder,
  };
}

export function removeWorld({ folder }) {
  rmSync(folder, { recursive: true });
}
