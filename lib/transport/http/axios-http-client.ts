import type { Exchange, HttpClient, HttpRequest } from './http-client.js';
import type { Reply } from './reply.js';
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

  async send(
    { host, method, path, headers, body, maxReplyBytes }: HttpRequest,
    exchange: Exchange,
  ): Promise<Reply> {
    // Neither axios nor an interceptor tells when a request is sent: it may be at any time.
    exchange.sent();
    let response: unknown;
    try {
      response = await this.#httpService.axiosRef.request({
        url: host + path,
        method,
        headers,
        data: body === '' ? undefined : Buffer.from(body),
        signal: exchange.signal,
        timeout: 0,
        maxRedirects: 0,
        maxContentLength: maxReplyBytes,
        responseType: 'arraybuffer',
        // None: the bytes that were signed are sent, and the bytes that came are verified.
        transformRequest: [],
        transformResponse: [],
        validateStatus: () => true,
      });
    } catch (error) {
      throw isTooLarge(error) ? new SendError('too-large') : sendErrorOf(error, requestOf(error));
    }
    return replyOf(response);
  }

  close(): void {
    // What the app brought, the app closes.
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

/** @throws {SendError} if an interceptor made something else of the response */
function replyOf(response: unknown): Reply {
  const { status, headers, data } = (response ?? {}) as Readonly<Record<string, unknown>>;
  const body = bytesOf(data);
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

function lowerCased(headers: object): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
