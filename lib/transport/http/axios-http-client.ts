import { Readable } from 'node:stream';
import type { AddressedRequest, Exchange, HttpClient, HttpRequest } from './http-client.js';
import type { Reply, StreamedReply } from './reply.js';
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
    // Neither axios nor an interceptor reports when a request is sent, so it counts as sent from here on.
    exchange.sent();
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
        // No transforms: the signed bytes are sent, and the received bytes are verified, unchanged.
        transformRequest: [],
        transformResponse: [],
        validateStatus: () => true,
      });
    } catch (error) {
      throw isTooLarge(error) ? new SendError('too-large') : sendErrorOf(error, requestOf(error));
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
