/** A certificate that proves to WeChat Pay, within TLS, which merchant connects: PEM, or the .p12 file. */
export type ClientCertificate =
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
    };
