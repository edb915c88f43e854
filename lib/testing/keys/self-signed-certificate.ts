import { KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsIdentity } from '../http/server.js';
import { loadX509, validFrom } from './x509.js';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Creates a self-signed certificate for loopback and the given host, valid for a year; trust it as `ca`. */
export async function selfSignedCertificate(host: string): Promise<TlsIdentity> {
  const x509 = await loadX509();
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=mock-wxpay-gateway',
    keys,
    signingAlgorithm: ALGORITHM,
    ...validFrom(Date.now(), 1),
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ),
    ],
  });
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { cert: certificate.toString('pem'), key };
}
