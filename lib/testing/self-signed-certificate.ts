import { KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsIdentity } from './server.js';

const DAY_MS = 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/**
 * Makes a certificate for loopback and the host given, valid for a year, and its own issuer: trust it as a `ca`.
 *
 * @param load loads the certificate library, an optional peer that is only needed here
 * @throws {Error} naming the command that installs the library
 */
export async function selfSignedCertificate(host: string, load = loadX509): Promise<TlsIdentity> {
  const x509 = await load().catch(explainMissing);
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=mock-wxpay-gateway',
    keys,
    signingAlgorithm: ALGORITHM,
    // Yesterday, for clients whose clock is behind.
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 365 * DAY_MS),
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

async function loadX509(): Promise<typeof import('@peculiar/x509')> {
  // The library needs the metadata polyfill to be there first.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function explainMissing(cause: { readonly code?: unknown }): never {
  if (!['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String(cause.code))) throw cause;
  throw new Error(
    'https: true needs a package that is not installed. Run "npm install --save-dev @peculiar/x509 reflect-metadata", or pass https: { cert, key }.',
    { cause },
  );
}
