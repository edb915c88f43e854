import type { CallOptions } from '../../domain/options.js';
import type { RequestApi } from '../../domain/ports/apis.js';
import type { WxPayRequest, WxPayV3Request } from '../../domain/request.js';
import { redact } from '../../errors/redact.js';
import { copyTexts } from '../../domain/texts.js';
import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { checkBody } from '../check-body.js';
import { checkHeaders } from '../check-headers.js';
import { checkPath } from '../check-path.js';
import type { V3Operation, V3Request } from '../operation.js';
import type { V3Pipeline } from '../pipeline.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const anyRequest: V3Operation<V3Request, unknown> = {
  name: 'request',
  effect: 'none',
  anyReply: true,
  // 202 means accepted, not finished: it becomes an error that says so, and the caller sends the GET again.
  successStatus: [200, 201, 204],
  // A path may contain an openid.
  subject: ({ method, path }) => `${method} ${redact(path.replace(/\?.*/, ''))}`,
  request: (request) => request,
  decode: (json) => json,
};

/** Not idempotent: only WeChat Pay knows the effect of sending it twice, for example of placing an order or a refund. */
const anyChange: typeof anyRequest = { ...anyRequest, effect: 'once' };

/** Sends requests to any other endpoint of APIv3. */
export class V3RequestApi implements RequestApi {
  readonly #pipeline: V3Pipeline;

  constructor(pipeline: V3Pipeline) {
    this.#pipeline = pipeline;
  }

  async request(request: WxPayRequest, options?: CallOptions): Promise<unknown> {
    const asked = checked(request);
    return this.#pipeline.execute(asked.method === 'GET' ? anyRequest : anyChange, asked, options);
  }
}

function checked(request: WxPayRequest): V3Request {
  const { method: asked, path, query, body, headers } = (request ?? {}) as Partial<WxPayV3Request>;
  const method = METHODS.find((each) => each === asked);
  if (method === undefined) {
    throw new WxPayInputError('method', `must be one of ${METHODS.join(', ')}: this merchant uses APIv3.`);
  }
  const checkedPath = checkPath(path);
  if (method === 'GET' && body !== undefined) {
    throw new WxPayInputError('body', 'must be left out of a GET: put what it says into query.');
  }
  return { method, path: checkedPath + queryOf(query), body: bodyOf(body), ...checkHeaders(headers) };
}

function queryOf(query: unknown = {}): string {
  const text = new URLSearchParams(copyTexts('query', query)).toString().replaceAll('+', '%20');
  // An empty query is left out: a lone question mark would be signed, but not sent.
  return text === '' ? '' : `?${text}`;
}

function bodyOf(body: unknown): string {
  if (body === undefined) return '';
  checkBody(body);
  return JSON.stringify(body);
}
