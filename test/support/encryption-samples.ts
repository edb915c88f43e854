import { readFileSync } from 'node:fs';

/** A text that a published test of another client decrypts. */
export interface EncryptionSample {
  /** Where it is published. */
  readonly source: string;
  readonly key: string;
  readonly nonce: string;
  readonly associatedData: string;
  readonly ciphertext: string;
  readonly plaintext: string;
}

export interface EncryptionSamples {
  readonly texts: readonly EncryptionSample[];
  /** An answer of `GET /v3/certificates` and the APIv3 key that opens it. */
  readonly certificates: {
    readonly source: string;
    readonly apiV3Key: string;
    readonly reply: { readonly data: readonly { readonly serial_no: string }[] };
  };
}

/** Reads test/vectors/aes-gcm.json. */
export function readEncryptionSamples(): EncryptionSamples {
  return JSON.parse(readFileSync('test/vectors/aes-gcm.json', 'utf8'));
}
