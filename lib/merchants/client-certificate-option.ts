import { createSecureContext } from 'node:tls';
import { readCertificates, readPrivateKey, readOrReport } from '../crypto/pem.js';
import type {
  ClientCertificate,
  ClientCertificatePair,
  ClientCertificatePfx,
} from '../transport/http/client-certificate.js';

const SHAPE =
  'must be { cert, key } with apiclient_cert.pem and apiclient_key.pem, or { pfx, passphrase } with apiclient_cert.p12 and the merchant number.';

type Given = Readonly<Record<string, unknown>>;

/** Returns the fault of a client certificate, to follow the name of the option; undefined if there is none. */
export function clientCertificateFault(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' || value === null) return SHAPE;
  const given = value as Given;
  const isPair = given.cert !== undefined && given.key !== undefined;
  const isPfx = given.pfx !== undefined && given.passphrase !== undefined;
  if (isPair === isPfx) return SHAPE;
  const faults: string[] = [];
  // Sound: the readers check their input.
  const certificate = restore(given as unknown as ClientCertificate, faults);
  return certificate === undefined ? `cannot be used: ${faults.join(' And ')}` : tlsFault(certificate);
}

/** Restores the line breaks of PEM in `cert`, `key` and `ca`, which OpenSSL requires, and decodes a .p12 file in base64. */
export function readClientCertificate(checked: ClientCertificate): ClientCertificate | undefined {
  return restore(checked, []);
}

/** Returns the expiry of a checked client certificate; undefined for a .p12 file, whose certificate Node does not expose. */
export function expiryOf(checked: ClientCertificate | undefined): Date | undefined {
  if (checked === undefined || checked.pfx !== undefined) return undefined;
  return new Date(readCertificates(checked.cert)[0].validTo);
}

function restore(given: ClientCertificate, faults: string[]): ClientCertificate | undefined {
  const { ca } = given;
  const issuer =
    ca === undefined ? {} : { ca: readOrReport(() => readCertificates(ca).join(''), 'ca', faults) };
  const own = given.pfx === undefined ? restorePair(given, faults) : restorePfx(given);
  return own === undefined || faults.length > 0 ? undefined : { ...issuer, ...own };
}

function restorePair(
  { cert, key }: ClientCertificatePair,
  faults: string[],
): ClientCertificatePair | undefined {
  const certificates = readOrReport(() => readCertificates(cert), 'cert', faults);
  const privateKey = readOrReport(() => readPrivateKey(key), 'key', faults);
  if (certificates === undefined || privateKey === undefined) return undefined;
  if (!certificates[0].checkPrivateKey(privateKey)) {
    faults.push('key does not belong to cert. Use apiclient_cert.pem and apiclient_key.pem of one download.');
  }
  return { cert: certificates.join(''), key: privateKey.export({ format: 'pem', type: 'pkcs8' }) };
}

function restorePfx({ pfx, passphrase }: ClientCertificatePfx): ClientCertificatePfx {
  return { pfx: typeof pfx === 'string' ? Buffer.from(pfx, 'base64') : pfx, passphrase };
}

function tlsFault(certificate: ClientCertificate): string | undefined {
  try {
    createSecureContext(certificate);
    return undefined;
  } catch {
    // The error of OpenSSL is not passed on: it names neither cause nor remedy, and may quote the input.
    return certificate.pfx === undefined
      ? 'cannot be used: cert and key must be the PEM files apiclient_cert.pem and apiclient_key.pem of one certificate.'
      : 'cannot be opened: the passphrase is wrong (it is the merchant number by default), or the .p12 file uses the old encryption that Node refuses. Use { cert, key } with the PEM files instead.';
  }
}
