import type { HttpService } from '@nestjs/axios';
import type { CallContext } from '../errors/call-context.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { Deadline } from './deadline.js';
import { timedOut, unreachable } from './failures.js';
import type { Reply } from './reply.js';

export interface TransportOptions {
  readonly httpService: HttpService;
  readonly hosts: readonly string[];
  readonly timeoutMs: number;
  readonly maxReplyBytes: number;
  readonly userAgent: string;
}

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  /** Empty for none. */
  readonly body: string;
}

/** One try at a call on one host: the unit that is signed, sent, verified and decoded as a whole. */
export interface Attempt {
  readonly call: CallContext;
  /** The origin to ask. */
  readonly host: string;
  /** Runs one step within the deadline of the call; `signal` tells it to stop. */
  readonly step: <T>(name: string, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
}

/** Carries requests to WeChat Pay: exact bytes there, exact bytes back, within a deadline. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #inFlight = new Set<Promise<unknown>>();

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  /**
   * Runs a call within its deadline.
   *
   * @param work what one attempt does, from signing to decoding
   * @throws `signal.reason` when the caller gives up, WxPayTransportError when the time is up
   */
  async run<T>(
    call: CallContext,
    {
      signal,
      timeoutMs = this.#options.timeoutMs,
      host: asked,
    }: { readonly signal?: AbortSignal; readonly timeoutMs?: number; readonly host?: string },
    work: (attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    const deadline = new Deadline(timeoutMs, signal);
    const { hosts } = this.#options;
    const host = hosts.find((each) => each === asked) ?? hosts[0] ?? '';
    const running = work({ call, host, step: (name, step) => deadline.step(name, step) });
    this.#inFlight.add(running);
    try {
      return await running;
    } catch (error) {
      if (deadline.expired && !(error instanceof WxPayError)) throw timedOut(call, host, deadline);
      throw error;
    } finally {
      this.#inFlight.delete(running);
      deadline.stop();
    }
  }

  /**
   * Sends one request and returns whatever came back.
   *
   * @throws {WxPayTransportError} if nothing, or too much, came back
   */
  async send(
    { method, path, body }: WireRequest,
    headers: Readonly<Record<string, string>>,
    { call, host, step }: Attempt,
  ): Promise<Reply> {
    const { httpService, maxReplyBytes, userAgent } = this.#options;
    return step('sending', async (signal) => {
      try {
        const {
          status,
          headers: received,
          data,
        } = await httpService.axiosRef.request<unknown>({
          url: host + path,
          method,
          headers: { ...headers, 'User-Agent': userAgent },
          data: body === '' ? undefined : Buffer.from(body),
          signal,
          timeout: 0,
          maxRedirects: 0,
          maxContentLength: maxReplyBytes,
          responseType: 'arraybuffer',
          transformRequest: (bytes: unknown) => bytes,
          transformResponse: (bytes: unknown) => bytes,
          validateStatus: () => true,
        });
        return { status, headers: lowerCased(received), body: bytesOf(data) };
      } catch (error) {
        signal.throwIfAborted();
        throw unreachable(call, host, maxReplyBytes, error);
      }
    });
  }

  /** Resolves when no call is in flight any more. */
  async drain(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }
}

/** The `arraybuffer` of an axios adapter is a Buffer in one adapter and an ArrayBuffer in another, and may be absent. */
function bytesOf(data: unknown): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return data instanceof ArrayBuffer ? Buffer.from(data) : Buffer.alloc(0);
}

function lowerCased(headers: object): Map<string, string> {
  return new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
