import type { SecureContextOptions } from 'node:tls';

/** A certificate that proves to WeChat Pay, within TLS, which merchant connects: PEM, or the .p12 file. */
export type ClientCertificate = {
  /** Who vouches for the host, in PEM, where that is not one of Node's roots: for a test gateway. */
  readonly ca?: string | Buffer;
} & (
  | {
      /** apiclient_cert.pem. */
      readonly cert: string | Buffer;
      /** apiclient_key.pem. */
      readonly key: string | Buffer;
    }
  | {
      /** apiclient_cert.p12. */
      readonly pfx: Buffer;
      /** The merchant number, unless it was changed. */
      readonly passphrase: string;
    }
);

/** What TLS is told of it, and nothing else: whatever more a caller passes, the host is always verified. */
export function secureContextOptions(certificate: ClientCertificate): SecureContextOptions {
  const { ca, cert, key, pfx, passphrase }: SecureContextOptions = certificate;
  return { ca, cert, key, pfx, passphrase };
}
