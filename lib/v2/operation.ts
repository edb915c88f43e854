import type { OrderIdentity } from '../domain/order-key.js';
import type { OrderRef } from '../domain/order-ref.js';
import type { WxPayApiError } from '../errors/wxpay-api-error.js';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import type { Effect } from '../transport/effect.js';
import { UnexpectedField } from './fields.js';
import type { V2Fields } from './xml.js';

/** Success that names no order. */
export interface ReplyOfOrder {
  /** Order of the request. */
  readonly order: OrderRef;
  /** Value that no reply about another order has; undefined if the reply has none. */
  readonly identifiedBy: string | undefined;
}

/** One endpoint of APIv2, as data. */
export interface V2Operation<Input, Output> {
  /** Name in errors, for example `order.query`. */
  readonly name: string;
  readonly path: string;
  /** Effect of the request at WeChat Pay: it decides whether the request may be sent again. */
  readonly effect: Effect;
  /** True if the endpoint never signs its replies, so that only TLS protects them; default false. */
  readonly unsignedReply?: boolean;
  /** True if a success has no `result_code`; default false. */
  readonly hasNoResult?: boolean;
  /** True if a success may have any content, for example a file, which then proves nothing about the host; default false. */
  readonly anyReply?: boolean;
  /** True to stop at any 4xx reply except 429, because WeChat Pay limits faulty requests; default false. */
  readonly stopsAt4xx?: boolean;
  /** True for a self-test: a timeout shorter than `attemptTimeoutMs` does not count against the host; default false. */
  readonly isSelfTest?: boolean;
  /** Last sentence of the message if the outcome of the request is unknown; default: by the effect. */
  readonly advice?: string;
  /** Returns the subject of the call for errors, for example `order T20260101`. */
  subject(input: Input): string;
  /** Returns the merchant order number for telemetry, if the call is about one order. */
  outTradeNo?(input: Input): string | undefined;
  /** Returns the fields of this request besides those of every request; undefined for a field to leave out. */
  fields(input: Input): Readonly<Record<string, string | undefined>>;
  /**
   * Reads the verified success and checks that it belongs to this request.
   *
   * @param leftOut collects the paths of unreadable lenient fields
   */
  decode(fields: V2Fields, input: Input, leftOut?: LeftOutFields): Output;
  /** Identifies a verified success that names no order, so that it is accepted for one order only; default: it names its order. */
  namesNoOrder?(fields: V2Fields, input: Input): ReplyOfOrder;
  /**
   * Returns the result if this verified refusal is the expected reply; otherwise throws it. Default: every refusal is thrown.
   */
  decodeRefusal?(refusal: WxPayApiError): Output;
  /** Identifies the order in the result, if there is one. */
  identity?(output: Output): OrderIdentity | undefined;
}

/** Returns the operation for an order of another app of the merchant. */
export function ofApp<Input, Output>(
  operation: V2Operation<Input, Output>,
  appid: string | undefined,
): V2Operation<Input, Output> {
  if (appid === undefined) return operation;
  return { ...operation, fields: (input) => ({ ...operation.fields(input), appid }) };
}

/** Checks that a reply names the requested value: a reply with a valid signature may belong to another request. */
export function expectEcho<T extends string | number>(
  received: T | undefined,
  asked: T | undefined,
  name: string,
): void {
  // Replies to merchants without sub-merchants may contain the fields of sub-merchants, empty.
  if ((received === '' ? undefined : received) !== asked) {
    throw new UnexpectedField(`$.${name}`, 'is not the requested one: the reply belongs to another request.');
  }
}
