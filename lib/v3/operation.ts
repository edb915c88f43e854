import type { OrderIdentity } from '../domain/order-key.js';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import type { Effect } from '../transport/effect.js';
import { UnexpectedJson } from './json.js';

/** Request of one operation, before it is signed. */
export interface V3Request {
  readonly method: string;
  /** Path and query, percent-encoded; see {@link path}. */
  readonly path: string;
  /** JSON; empty for none. */
  readonly body: string;
  /** Headers beside those of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Identifier of the key that fields of the request are encrypted with, sent as `Wechatpay-Serial`. Default: the accepted one. */
  readonly serialNo?: string;
  /** Bytes that are sent in place of `body`. The signature then covers only `body`: the `meta` of a file. */
  readonly content?: { readonly type: string; readonly bytes: Uint8Array };
}

/** Context for decoding a reply, besides the input of the call. */
export interface DecodeContext {
  readonly mchid: string;
  /** Collects the paths of unreadable lenient fields. */
  readonly leftOut?: LeftOutFields;
}

/** One endpoint of APIv3, as data. */
export interface V3Operation<Input, Output> {
  /** Name in errors, for example `order.query`. */
  readonly name: string;
  /** Statuses that mean success. */
  readonly successStatus: readonly number[];
  /** Effect of the request at WeChat Pay: it decides whether the request may be sent again. */
  readonly effect: Effect;
  /** True if a success may have any content, for example a file, which then proves nothing about the host; default false. */
  readonly anyReply?: boolean;
  /** True to stop at any 4xx refusal except 429, because WeChat Pay limits faulty requests; default false. */
  readonly stopsAt4xx?: boolean;
  /** True for a self-test: a timeout shorter than `attemptTimeoutMs` does not count against the host; default false. */
  readonly isSelfTest?: boolean;
  /** Last sentence of the message if the outcome of the request is unknown; default: by the effect. */
  readonly advice?: string;
  /** True if a success names no order, so that it may be the reply to another request; default false. */
  readonly namesNoOrder?: boolean;
  /** Returns the subject of the call for errors, for example `order T20260101`. */
  subject(input: Input): string;
  /** Returns the merchant order number for telemetry, if the call is about one order. */
  outTradeNo?(input: Input): string | undefined;
  request(input: Input, mchid: string): V3Request;
  /**
   * Reads the verified reply and checks that it belongs to this request.
   *
   * @param json `undefined` for an empty reply
   */
  decode(json: unknown, input: Input, context: DecodeContext): Output;
  /** Identifies the order in the result, if there is one. */
  identity?(output: Output): OrderIdentity | undefined;
}

/** Builds a path and percent-encodes every value, so that none can add a segment or a query. */
export function path(literals: TemplateStringsArray, ...values: readonly string[]): string {
  return String.raw({ raw: literals }, ...values.map(encodeURIComponent));
}

/** Builds a query and percent-encodes every value. */
export function query(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}

/** Checks that a reply names the requested value: a reply with a valid signature may belong to another request. */
export function expectEcho<T extends string | number>(
  received: T | undefined,
  asked: T | undefined,
  jsonPath: string,
): void {
  if (received !== asked) {
    throw new UnexpectedJson(jsonPath, 'is not the requested one: the reply belongs to another request.');
  }
}
