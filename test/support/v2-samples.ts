import { readFileSync } from 'node:fs';

/** A set of fields that an official page signs in both ways; the key is public. */
export interface V2SignatureSample {
  /** Where it is published. */
  readonly page: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly canonical: string;
  readonly signatures: { readonly MD5: string; readonly 'HMAC-SHA256': string };
  /** What HMAC-SHA256 gives if the key is not put behind the text: a common mistake. */
  readonly hmacWithoutKeySuffix: string;
}

/** Replies that official pages show; the key they were signed with is not public. */
export interface V2ReplySamples {
  readonly orderQuery: { readonly page: string; readonly xml: string };
  readonly promotionDetail: { readonly page: string; readonly json: string };
}

/** Bodies as WeChat Pay writes them, by case: the lines, with NONCE, SIGN, TRANSACTION and ORDER1 for what differs each time. */
export type V2GatewayReplies = Readonly<
  Record<string, { readonly page: string; readonly lines: readonly string[] }>
>;

/** Reads test/vectors/v2-signatures.json. */
export function readV2SignatureSample(): V2SignatureSample {
  return JSON.parse(readFileSync('test/vectors/v2-signatures.json', 'utf8'));
}

/** Reads test/vectors/v2-replies.json. */
export function readV2ReplySamples(): V2ReplySamples {
  return JSON.parse(readFileSync('test/vectors/v2-replies.json', 'utf8'));
}

/** Reads test/vectors/v2-gateway-replies.json. */
export function readV2GatewayReplies(): V2GatewayReplies {
  return JSON.parse(readFileSync('test/vectors/v2-gateway-replies.json', 'utf8'));
}
