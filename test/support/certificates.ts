import { webcrypto } from 'node:crypto';
import type { RsaKeys } from './rsa-keys.js';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/** An X.509 certificate in PEM over the given keys, as apiclient_cert.pem or a platform certificate is one. */
export async function certificateFor({ privateKey, publicKey }: RsaKeys): Promise<string> {
  // The library needs the metadata polyfill to be there first.
  await import('reflect-metadata');
  const { X509CertificateGenerator } = await import('@peculiar/x509');
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=1900007291',
    serialNumber: '408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB',
    signingAlgorithm: ALGORITHM,
    keys: {
      privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']),
      publicKey: await webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
    },
  });
  return certificate.toString('pem');
}
