import type { SecureContextOptions } from 'node:tls';

/** The PEM files of the merchant API certificate, as text in any form that docs/configuration.md lists, or their bytes. */
export interface ClientCertificatePair {
  /** apiclient_cert.pem. */
  readonly cert: string | Buffer;
  /** apiclient_key.pem. */
  readonly key: string | Buffer;
  readonly pfx?: undefined;
}

/** The .p12 file of the merchant API certificate. */
export interface ClientCertificatePfx {
  /** apiclient_cert.p12: its bytes, or its base64. */
  readonly pfx: string | Buffer;
  /** The merchant number, unless it was changed. */
  readonly passphrase: string;
}

/** A certificate that proves to WeChat Pay, within TLS, which merchant connects: PEM, or the .p12 file. */
export type ClientCertificate = {
  /** The certificate authority of the host, in PEM, if it is not one of Node's roots: for a test gateway. */
  readonly ca?: string | Buffer | undefined;
} & (ClientCertificatePair | ClientCertificatePfx);

/** Picks the options for TLS. Other properties are dropped, so that none can turn off the verification of the host. */
export function secureContextOptions(certificate: ClientCertificate): SecureContextOptions {
  const { ca, cert, key, pfx, passphrase }: SecureContextOptions = certificate;
  return { ca, cert, key, pfx, passphrase };
}
