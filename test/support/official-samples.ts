import { readFileSync } from 'node:fs';

/** A signed request that an official page shows. */
export interface RequestSample {
  /** Where it is published. */
  readonly page: string;
  readonly method: string;
  readonly path: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly body: string;
  readonly signature: string;
}

/** The signed messages of the official pages, with the public halves of the keys they were made with. */
export interface SignatureSamples {
  readonly requests: {
    readonly publicKey: string;
    readonly serialNo: string;
    readonly samples: readonly RequestSample[];
  };
  readonly reply: {
    readonly page: string;
    readonly publicKey: string;
    readonly timestamp: string;
    readonly nonce: string;
    readonly body: string;
    readonly signature: string;
  };
}

/** Reads test/vectors/v3-signatures.json. */
export function readSignatureSamples(): SignatureSamples {
  return JSON.parse(readFileSync('test/vectors/v3-signatures.json', 'utf8'));
}
