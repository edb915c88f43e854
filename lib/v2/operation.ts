import type { OrderIdentity } from '../domain/order-key.js';
import type { LeftOut } from '../telemetry/left-out.js';
import { UnexpectedField } from './fields.js';
import type { V2Fields } from './xml.js';

/** One endpoint of APIv2, as data. */
export interface V2Operation<Input, Output> {
  /** How errors name it, for example `order.query`. */
  readonly name: string;
  readonly path: string;
  /** Whether asking twice does no more than asking once; default true. */
  readonly repeatable?: boolean;
  /** Whether it changes nothing at WeChat Pay, so that its failure leaves no outcome open; default false. */
  readonly readOnly?: boolean;
  /** Whether the reply is believed on TLS alone, because the endpoint never signs any; default false. */
  readonly unsignedReply?: boolean;
  /** Whether a success has no `result_code`; default false. */
  readonly hasNoResult?: boolean;
  /** Whether a success may be anything, a file for example, which says nothing of the host; default false. */
  readonly anyReply?: boolean;
  /** How errors name what the call is about, for example `order T20260101`. */
  subject(input: Input): string;
  /** What the request says beside the fields that every request has; undefined for a field to leave out. */
  fields(input: Input): Readonly<Record<string, string | undefined>>;
  /**
   * Reads the verified success and checks that it answers this very request.
   *
   * @param leftOut collects the places of decoration that does not read
   */
  decode(fields: V2Fields, input: Input, leftOut?: LeftOut): Output;
  /** Identifies the order in the result, where it is an order. */
  identity?(output: Output): OrderIdentity;
}

/** A reply that is validly signed may still be the answer to another request. */
export function expectEcho(received: string | undefined, asked: string | undefined, name: string): void {
  // Replies to merchants of their own may carry the fields of sub-merchants, empty.
  if ((received || undefined) !== asked) {
    throw new UnexpectedField(
      `$.${name}`,
      'is not the one that was asked for: this answers another request.',
    );
  }
}
