import type { CallOptions } from '../../domain/options.js';
import type { RequestApi } from '../../domain/ports/apis.js';
import type { WxPayRequest, WxPayV2Request } from '../../domain/request.js';
import { copyTexts } from '../../domain/texts.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import type { V2Operation } from '../operation.js';
import type { V2Pipeline } from '../pipeline.js';
import { givesSandboxKey, leavesRepliesUnsigned } from '../unsigned-endpoints.js';
import type { V2Fields } from '../xml.js';

const PATH = /^(\/[0-9A-Za-z_-]+)+$/;

/** Sends requests to any other endpoint of APIv2. */
export class V2RequestApi implements RequestApi {
  readonly #pipeline: V2Pipeline;

  constructor(pipeline: V2Pipeline) {
    this.#pipeline = pipeline;
  }

  async request(request: WxPayRequest, options?: CallOptions): Promise<V2Fields> {
    const { path, fields, unsignedReply = false } = checked(request);
    return this.#pipeline.execute(operationAt(path, unsignedReply), fields, options);
  }
}

function operationAt(path: string, unsignedReply: boolean): V2Operation<WxPayV2Request['fields'], V2Fields> {
  return {
    name: 'request',
    path,
    // The path does not distinguish a query from a refund.
    effect: 'once',
    unsignedReply,
    hasNoResult: givesSandboxKey(path),
    anyReply: true,
    subject: () => `POST ${path}`,
    fields: (fields) => fields,
    decode: (fields) => fields,
  };
}

function checked(request: WxPayRequest): WxPayV2Request {
  const { path, fields: given, unsignedReply } = (request ?? {}) as Partial<WxPayV2Request>;
  if (typeof path !== 'string' || !PATH.test(path)) {
    throw new WxPayInputError('path', 'must be a path such as /pay/unifiedorder, without a query.');
  }
  if (given === undefined) {
    throw new WxPayInputError(
      'fields',
      'must be given: this merchant uses APIv2, which has no method and no body.',
    );
  }
  const fields = copyTexts('fields', given);
  checkUnsignedReply(path, unsignedReply);
  return { path, fields, unsignedReply };
}

/** Refuses the request before it is sent: when the unsigned reply arrives, the money has moved. */
function checkUnsignedReply(path: string, unsignedReply: unknown): void {
  if (unsignedReply !== undefined && typeof unsignedReply !== 'boolean') {
    throw new WxPayInputError('unsignedReply', 'must be true, false or left out.');
  }
  if (unsignedReply !== true && leavesRepliesUnsigned(path)) {
    throw new WxPayInputError(
      'unsignedReply',
      `must be true for ${path}: WeChat Pay does not sign the replies of this endpoint, so only TLS protects them. Nothing was sent. Pass unsignedReply: true to accept that.`,
    );
  }
}
