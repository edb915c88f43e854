import type { CallOptions } from '../domain/call-options.js';
import type { RequestGateway, WxPayRequest, WxPayV2Request } from '../domain/request.gateway.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import type { V2Operation } from './operation.js';
import type { V2Client } from './v2.client.js';
import type { V2Fields } from './xml.js';

const PATH = /^(\/[0-9A-Za-z_-]+)+$/;

/** Any other endpoint of APIv2 that signs its answers. */
export class V2RequestGateway implements RequestGateway {
  readonly #client: V2Client;

  constructor(client: V2Client) {
    this.#client = client;
  }

  async request(request: WxPayRequest, options?: CallOptions): Promise<V2Fields> {
    const { path, fields } = checked(request);
    return this.#client.execute(operationAt(path), fields, options);
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function operationAt(path: string): V2Operation<WxPayV2Request['fields'], V2Fields> {
  return {
    name: 'request',
    path,
    // The path does not tell a query from a refund.
    repeatable: false,
    subject: () => `POST ${path}`,
    fields: (fields) => fields,
    decode: (fields) => fields,
  };
}

function checked(request: WxPayRequest): WxPayV2Request {
  const { path, fields: given } = (request ?? {}) as Partial<WxPayV2Request>;
  // A copy: what the caller changes while the call waits for its turn is no part of it.
  const fields = typeof given === 'object' && given !== null ? { ...given } : undefined;
  if (typeof path !== 'string' || !PATH.test(path)) {
    throw new WxPayInputError('path', 'must be a path such as /pay/unifiedorder, without a query.');
  }
  if (fields === undefined || !Object.values(fields).every(isText)) {
    throw new WxPayInputError(
      'fields',
      'must be an object of texts: this merchant uses APIv2, which knows nothing else.',
    );
  }
  return { path, fields };
}
