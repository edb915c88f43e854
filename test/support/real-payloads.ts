import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { WxPayApiError, WxPayError, type WxPayV3Request } from 'nestjs-wxpay';

/** The kinds of payload under test/vectors/payloads, by the spec that feeds them. */
export const PAYLOAD_KINDS = {
  v3: [
    'v3.query',
    'v3.partner.query',
    'v3.combine.query',
    'v3.close',
    'v3.combine.close',
    'v3.reverse',
    'v3.certificates',
  ],
  v2: ['v2.query', 'v2.close', 'v2.reverse'],
  notifications: ['v3.notify', 'v2.notify'],
  errors: ['v3.error', 'v2.error'],
} as const;

/** A payload that WeChat Pay sent, or that an official page shows. */
export interface RealPayload {
  readonly name: string;
  /** Where it is published. */
  readonly source: string;
  /**
   * What becomes of it: read as `expect` says, read in any form, reported as WeChat Pay's refusal, refused by the library, or
   * shown only, as no document says what is right.
   */
  readonly want: keyof typeof TITLES;
  /** Everything that is decoded, as JSON has it; of errors the members that are given, null for one that is absent. */
  readonly expect?: Readonly<Record<string, unknown>>;
  readonly options?: PayloadOptions;
  readonly note?: string;
  /** As received, byte for byte. */
  readonly payload: string;
}

/** How a payload was received. */
export interface PayloadOptions {
  /** Of APIv3; default 200. */
  readonly status?: number;
  /** Default true. */
  readonly signed?: boolean;
  /** What it answers, where the kind does not tell. */
  readonly operation?: 'query' | 'close' | 'reverse';
  /** What it answers, where that is a call of `WxPayClient`. */
  readonly request?: Pick<WxPayV3Request, 'method' | 'path' | 'body'>;
  /** What a query after it says. */
  readonly stateAfter?: 'SUCCESS' | 'CLOSED';
  /** The sub-merchant of the order, where the payload names none. */
  readonly subMchid?: string;
  /** Of APIv2; default MD5. */
  readonly signType?: 'HMAC-SHA256';
  readonly contentType?: string;
  /** The merchant that it came to, where it names none or another one. */
  readonly mchid?: string;
  readonly appid?: string;
  /** The notification around it; ciphertext and nonce are made anew. */
  readonly envelope?: { readonly resource: Readonly<Record<string, string | null>> };
  /** In place of a genuine signature. */
  readonly signature?: string;
}

/** Asks the library for what a payload answers, or gives it to read. */
export type Ask = (payload: RealPayload) => Promise<unknown>;

const TITLES = {
  accept: 'reads',
  'accept-any': 'reads, as an order or not,',
  error: 'reports',
  refuse: 'refuses',
  info: 'reads, or refuses with an error of its own,',
};

/** Reads one file of test/vectors/payloads. */
export function readPayloads(kind: string): readonly RealPayload[] {
  return JSON.parse(readFileSync(`test/vectors/payloads/${kind}.json`, 'utf8'));
}

/** Declares a test for each payload of some kinds. */
export function testPayloads(asks: Readonly<Record<string, Ask>>): void {
  describe.each(Object.entries(asks))('a real payload of %s', (kind, ask) => {
    const rows = readPayloads(kind).map((payload) => [TITLES[payload.want], payload.name, payload] as const);

    it.each(rows)('%s %s', async (_, _name, payload) => {
      judge(payload, await valueOrFailure(ask(payload)));
    });
  });
}

/** What a call resolves with, or the failure that it is rejected with; an error that is not the library's own passes. */
async function valueOrFailure(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof WxPayError) return error;
    throw error;
  }
}

function judge(payload: RealPayload, outcome: unknown): void {
  switch (payload.want) {
    case 'info':
      return;
    case 'error':
      expect(outcome).toBeInstanceOf(WxPayApiError);
      return expectMembers(outcome, payload);
    case 'refuse':
      return expectMembers(outcome, payload);
    default:
      if (outcome instanceof Error) throw outcome;
      if (payload.want === 'accept') expect(asJson(outcome)).toEqual(payload.expect);
  }
}

function expectMembers(outcome: unknown, { expect: { message = '', ...expected } = {} }: RealPayload): void {
  if (!(outcome instanceof WxPayError)) throw new Error(`resolved with ${typeof outcome}`);
  const members: Readonly<Record<string, unknown>> = { detail: null, ...asJson(outcome) };
  const found = Object.keys(expected).map((name) => [name, members[name]] as const);

  expect(Object.fromEntries(found)).toEqual(expected);
  expect(outcome.message).toContain(message);
}

function asJson(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
