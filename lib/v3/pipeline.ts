import { subjectOf, type HostCallOptions } from '../domain/ports/apis.js';
import type { CallContext } from '../errors/call-context.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { LeftOutFields } from '../telemetry/left-out-fields.js';
import type { Reply } from '../transport/http/reply.js';
import type { Transport } from '../transport/transport.js';
import type { AcceptedReplies } from './accepted-replies.js';
import type { V3Authenticator } from './authenticator.js';
import { decodeV3Error } from './decode-error.js';
import { refuseForeignPage } from './refuse-foreign-page.js';
import { parseJson, UnexpectedJson } from './json.js';
import type { V3Operation, V3Request } from './operation.js';

export interface V3PipelineOptions {
  readonly merchant: string;
  readonly mchid: string;
  readonly transport: Transport;
  readonly authenticator: V3Authenticator;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Accepted replies of all merchants of the app. */
  readonly accepted: AcceptedReplies;
}

/** Executes operations of APIv3 and returns their verified results. */
export class V3Pipeline {
  readonly #options: V3PipelineOptions;

  constructor(options: V3PipelineOptions) {
    this.#options = options;
  }

  /**
   * Signs, sends, verifies and decodes one operation.
   *
   * @throws {WxPayError} of the kind that names the failure; `signal.reason` if the caller aborted
   */
  async execute<Input, Output>(
    operation: V3Operation<Input, Output>,
    input: Input,
    options: HostCallOptions = {},
  ): Promise<Output> {
    const { merchant, mchid, transport, authenticator, now } = this.#options;
    const call: CallContext = {
      operation: operation.name,
      subject: subjectOf(operation.subject(input), options),
      merchant,
      outTradeNo: operation.outTradeNo?.(input),
    };
    // Built once, so that every attempt sends the same request.
    const request = operation.request(input, mchid);
    const { effect, anyReply, stopsAt4xx, isSelfTest, advice } = operation;
    const { signal, timeoutMs, host } = options;
    const terms = { effect, anyReply, stopsAt4xx, isSelfTest, advice, signal, timeoutMs, host };
    return transport.run(call, terms, async (attempt) => {
      const proof = await authenticator.authorize(request, attempt);
      const { content } = request;
      const sent = content === undefined ? request : { ...request, body: content.bytes };
      const reply = await attempt.send(sent, headersOf(request, proof));
      refuseForeignPage(reply, call, attempt.host);
      const signed = await authenticator.verify(reply, attempt);
      const isSuccess = operation.successStatus.includes(reply.status);
      const namesOrder = isSuccess && reply.body.length > 0 && !operation.namesNoOrder;
      if (signed && !namesOrder) this.#acceptOnce(reply, call);
      if (!isSuccess) {
        throw decodeV3Error(reply, { call, host: attempt.host, signed, now: now() });
      }
      return decode(operation, input, mchid, reply, call);
    });
  }

  /** Refuses a reply that names no order if it was accepted before: it cannot confirm two calls. */
  #acceptOnce(reply: Reply, { operation, subject, merchant }: CallContext): void {
    const { accepted, now } = this.#options;
    if (accepted.accept(reply, now())) return;
    throw new WxPaySignatureError(
      'stale',
      `The reply to ${operation} of ${subject} could not be verified: it was already accepted for another call. Something between here and WeChat Pay repeats replies; query the order.`,
      { merchant },
    );
  }
}

const JSON_CONTENT = { 'Content-Type': 'application/json' };

function headersOf(
  { body, headers, content }: V3Request,
  proof: Record<string, string>,
): Record<string, string> {
  const type = content === undefined ? JSON_CONTENT : { 'Content-Type': content.type };
  return { Accept: 'application/json', ...(body === '' ? undefined : type), ...headers, ...proof };
}

function decode<Input, Output>(
  operation: V3Operation<Input, Output>,
  input: Input,
  mchid: string,
  reply: Reply,
  call: CallContext,
): Output {
  const leftOut = new LeftOutFields();
  let raw: unknown;
  try {
    raw = reply.body.length === 0 ? undefined : parseJson(reply.body);
    const output = operation.decode(raw, input, { mchid, leftOut });
    const identity = operation.identity?.(output);
    if (identity !== undefined) leftOut.publish(call, identity);
    return output;
  } catch (error) {
    if (!(error instanceof UnexpectedJson)) throw error;
    throw new WxPayProtocolError(
      error.path,
      `The verified reply to ${call.operation} of ${call.subject} is not what WeChat Pay's documentation promises: ${error.message} Query again; if it persists, update this package or report it.`,
      { merchant: call.merchant, raw },
    );
  }
}
