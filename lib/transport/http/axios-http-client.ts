import { Readable } from 'node:stream';
import type { AddressedRequest, Exchange, HttpClient, HttpRequest } from './http-client.js';
import type { Reply, StreamedReply } from './reply.js';
import { isConnectionFailure } from './connection-failure.js';
import { SendError, sendErrorOf, type RequestProgress } from './send-error.js';

/** The `HttpService` of `@nestjs/axios`, reduced to the part that is used, so that neither package is needed without one. */
export interface WxPayHttpService {
  readonly axiosRef: { request(config: object): Promise<unknown> };
}

/** Sends requests with the `HttpService` of an app, with its interceptors, agents and defaults. The app closes it. */
export class AxiosHttpClient implements HttpClient {
  readonly #httpService: WxPayHttpService;

  constructor(httpService: WxPayHttpService) {
    this.#httpService = httpService;
  }

  async send(request: HttpRequest, exchange: Exchange): Promise<Reply> {
    const config = { responseType: 'arraybuffer', maxContentLength: request.maxReplyBytes };
    return replyOf(await this.#request(request, exchange, config), bytesOf);
  }

  async open(request: AddressedRequest, exchange: Exchange): Promise<StreamedReply> {
    const config = { responseType: 'stream', maxContentLength: -1 };
    return replyOf(await this.#request(request, exchange, config), streamOf);
  }

  async #request(
    { host, method, path, headers, body }: AddressedRequest,
    exchange: Exchange,
    config: { readonly responseType: string; readonly maxContentLength: number },
  ): Promise<unknown> {
    // Neither axios nor an interceptor reports when a request is sent, so it counts as sent from here on, unless its only
    // dispatch then fails to connect.
    exchange.sent();
    let dispatches = 0;
    const countDispatch = (data: unknown): unknown => {
      dispatches += 1;
      return data;
    };
    try {
      return await this.#httpService.axiosRef.request({
        url: host + path,
        method,
        headers,
        data: body.length === 0 ? undefined : Buffer.from(body),
        signal: exchange.signal,
        timeout: 0,
        maxRedirects: 0,
        maxBodyLength: -1,
        ...config,
        // Nothing is transformed: the signed bytes are sent, and the received bytes are verified, unchanged.
        transformRequest: [countDispatch],
        transformResponse: [],
        validateStatus: () => true,
      });
    } catch (error) {
      if (isTooLarge(error)) throw new SendError('too-large');
      const failure = sendErrorOf(error, requestOf(error));
      // An interceptor may retry, and a request of its own may fail: neither tells if this one was sent.
      const isOfOnlyDispatch = dispatches === 1 && isDispatchedWith(countDispatch, error);
      throw isOfOnlyDispatch && isConnectionFailure(error)
        ? new SendError('unconnected', failure.cause)
        : failure;
    }
  }

  close(): void {
    // The agents belong to the app, which closes them.
  }
}

/** axios has no code of its own for a reply that is too large, only this text. */
function isTooLarge(error: unknown): boolean {
  const { message } = (error ?? {}) as { readonly message?: unknown };
  return typeof message === 'string' && message.startsWith('maxContentLength');
}

/** Tells if a failed request still had this transform. Interceptors that retry replace the transforms, or run them again. */
function isDispatchedWith(transform: unknown, error: unknown): boolean {
  const { config } = (error ?? {}) as { readonly config?: { readonly transformRequest?: unknown } };
  const transforms = config?.transformRequest;
  return Array.isArray(transforms) && transforms.includes(transform);
}

function requestOf(error: unknown): RequestProgress | undefined {
  return (error as { readonly request?: RequestProgress } | undefined)?.request;
}

/** @throws {SendError} if an interceptor returned something other than a response */
function replyOf<Body>(
  response: unknown,
  bodyOf: (data: unknown) => Body | undefined,
): Omit<Reply, 'body'> & { readonly body: Body } {
  const { status, headers, data } = (response ?? {}) as Readonly<Record<string, unknown>>;
  const body = bodyOf(data);
  if (typeof status !== 'number' || typeof headers !== 'object' || body === undefined) {
    throw new SendError('not-a-response');
  }
  return { status, headers: lowerCased(headers ?? {}), body };
}

/** The `arraybuffer` of an axios adapter is a Buffer in one adapter and an ArrayBuffer in another, and may be absent. */
function bytesOf(data: unknown): Buffer | undefined {
  if (Buffer.isBuffer(data)) return data;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  return data ? undefined : Buffer.alloc(0);
}

function streamOf(data: unknown): Readable | undefined {
  return data instanceof Readable ? data : undefined;
}

function lowerCased(headers: object): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
