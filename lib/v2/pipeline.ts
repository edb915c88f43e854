import { subjectOf, type HostCallOptions } from '../domain/ports/apis.js';
import type { CallContext } from '../errors/call-context.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { LeftOutFields } from '../telemetry/left-out-fields.js';
import type { Transport } from '../transport/transport.js';
import type { AcceptedV2Replies } from './accepted-replies.js';
import type { V2Authenticator } from './authenticator.js';
import { decodeV2Error, readOuterLayer } from './decode-error.js';
import { expectUnambiguous } from './field-boundaries.js';
import { UnexpectedField } from './fields.js';
import { expectEcho, type ReplyOfOrder, type V2Operation } from './operation.js';
import { formatXml, type V2Fields } from './xml.js';

export interface V2PipelineOptions {
  readonly merchant: string;
  readonly mchid: string;
  readonly transport: Transport;
  readonly authenticator: V2Authenticator;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Accepted replies of all merchants of the app. */
  readonly accepted: AcceptedV2Replies;
}

const HEADERS = { Accept: 'text/xml', 'Content-Type': 'text/xml; charset=utf-8' };

/** Executes operations of APIv2 and returns their verified results. */
export class V2Pipeline {
  readonly #options: V2PipelineOptions;

  constructor(options: V2PipelineOptions) {
    this.#options = options;
  }

  /**
   * Signs, sends, verifies and decodes one operation.
   *
   * @throws {WxPayError} of the kind that names the failure; `signal.reason` if the caller aborted
   */
  async execute<Input, Output>(
    operation: V2Operation<Input, Output>,
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
    const { effect, anyReply, stopsAt4xx, isSelfTest, advice, unsignedReply = false } = operation;
    const { signal, timeoutMs, host } = options;
    const terms = { effect, anyReply, stopsAt4xx, isSelfTest, advice, signal, timeoutMs, host };
    return transport.run(call, terms, async (attempt) => {
      const asked = await authenticator.sign(operation.fields(input), attempt);
      const request = { method: 'POST', path: operation.path, body: formatXml(asked) };
      const reply = await attempt.send(request, HEADERS);
      const context = { call, host: attempt.host, now: now() };
      const fields = readOuterLayer(reply, context);
      if (!unsignedReply) await authenticator.verify(fields, attempt);
      return withCallContext(call, unsignedReply ? undefined : fields, () => {
        if (unsignedReply) expectNoOtherMerchant(fields, mchid);
        else {
          expectUnambiguous(fields);
          for (const name of ['mch_id', 'sub_mch_id']) expectEcho(fields[name], asked[name], name);
        }
        if (resultOf(fields, operation) === 'FAIL') {
          const refusal = decodeV2Error(fields, reply, { ...context, signed: !unsignedReply });
          if (operation.decodeRefusal === undefined) throw refusal;
          return operation.decodeRefusal(refusal);
        }
        const leftOut = new LeftOutFields();
        const output = operation.decode(fields, input, leftOut);
        const unnamed = operation.namesNoOrder?.(fields, input);
        if (unnamed !== undefined) this.#acceptForOneOrder(unnamed, call);
        const identity = operation.identity?.(output);
        if (identity !== undefined) leftOut.publish(call, identity);
        return output;
      });
    });
  }

  /** Refuses a reply that names no order if it was accepted for another one. */
  #acceptForOneOrder(reply: ReplyOfOrder, { operation, subject, merchant }: CallContext): void {
    const { accepted, mchid } = this.#options;
    if (accepted.accept(mchid, reply)) return;
    throw new WxPaySignatureError(
      'stale',
      `The reply to ${operation} of ${subject} could not be verified: it was already accepted for another order. Something between here and WeChat Pay repeats replies; query the order.`,
      { merchant },
    );
  }
}

/** Reads the result from its field: APIv2 replies with HTTP 200 to successes and refusals alike. */
function resultOf(
  { result_code: result }: V2Fields,
  { hasNoResult = false }: { readonly hasNoResult?: boolean },
): 'SUCCESS' | 'FAIL' {
  if (result === undefined && hasNoResult) return 'SUCCESS';
  if (result === 'SUCCESS' || result === 'FAIL') return result;
  throw new UnexpectedField('$.result_code', 'is neither SUCCESS nor FAIL.');
}

/** Checks the merchant if the reply names it: unsigned replies need not name it, and some call it `mchid`. */
function expectNoOtherMerchant(fields: V2Fields, mchid: string): void {
  for (const name of ['mch_id', 'mchid']) if (fields[name]) expectEcho(fields[name], mchid, name);
}

/** Adds the name of the call to errors about a reply that differs from the documentation. */
function withCallContext<T>(
  { operation, subject, merchant }: CallContext,
  raw: V2Fields | undefined,
  decode: () => T,
): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof UnexpectedField)) throw error;
    throw new WxPayProtocolError(
      error.path,
      `The ${raw === undefined ? 'unsigned' : 'verified'} reply to ${operation} of ${subject} is not what WeChat Pay's documentation promises: ${error.message} Query again; if it persists, update this package or report it.`,
      { merchant, raw },
    );
  }
}
