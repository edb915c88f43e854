import type { OrderIdentity } from '../domain/order-key.js';
import type { LeftOut } from '../telemetry/left-out.js';
import { UnexpectedJson } from './json.js';

/** What goes over the wire for one operation, before it is signed. */
export interface V3Request {
  readonly method: string;
  /** Path and query, percent-encoded; see {@link path}. */
  readonly path: string;
  /** JSON; empty for none. */
  readonly body: string;
}

/** What a reply is decoded with, beside the input of the call. */
export interface DecodeContext {
  readonly mchid: string;
  /** Collects the places of decoration that does not read. */
  readonly leftOut?: LeftOut;
}

/** One endpoint of APIv3, as data. */
export interface V3Operation<Input, Output> {
  /** How errors name it, for example `order.query`. */
  readonly name: string;
  /** The statuses that mean success. */
  readonly successStatus: readonly number[];
  /** Whether asking twice does no more than asking once; default true. */
  readonly repeatable?: boolean;
  /** Whether it changes nothing at WeChat Pay, so that its failure leaves no outcome open; default false. */
  readonly readOnly?: boolean;
  /** Whether a success may be anything, a file for example, which says nothing of the host; default false. */
  readonly anyReply?: boolean;
  /** How errors name what the call is about, for example `order T20260101`. */
  subject(input: Input): string;
  request(input: Input, mchid: string): V3Request;
  /**
   * Reads the verified reply and checks that it answers this very request.
   *
   * @param json `undefined` for an empty reply
   */
  decode(json: unknown, input: Input, context: DecodeContext): Output;
  /** Identifies the order in the result, where it is an order. */
  identity?(output: Output): OrderIdentity;
}

/** Builds a path whose every value is percent-encoded, so that none can leave its place. */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: literals }, ...values.map(encodeURIComponent));
}

/** Builds a query whose every value is percent-encoded. */
export function query(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** A reply that is validly signed may still be the answer to another request. */
export function expectEcho(received: string | undefined, asked: string | undefined, jsonPath: string): void {
  if (received !== asked) {
    throw new UnexpectedJson(jsonPath, 'is not the one that was asked for: this answers another request.');
  }
}
