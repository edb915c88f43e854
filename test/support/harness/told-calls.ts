import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import type { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import type { Exchange, HttpClient } from '../../../lib/transport/http/http-client.js';
import type { Reply } from '../../../lib/transport/http/reply.js';
import { SENDING } from '../../../lib/transport/deadline.js';
import type { Attempt } from '../../../lib/transport/retry/attempt.js';
import { HostHealth } from '../../../lib/transport/retry/host-health.js';
import type { KeyService } from '../../../lib/transport/steps.js';
import { Transport, type RunOptions } from '../../../lib/transport/transport.js';

/** A signer whose failures are told as they are. */
const SIGNER: KeyService = { name: 'signer', read: (signature) => signature, failureOf: (error) => error };
const HOSTS = ['https://main', 'https://backup'];
export const RECOVERY_MS = 1_000;
/** Of 100 ms, as timers may fire a moment early. */
export const SHORTEST_PAUSE_MS = 98;
const call = { operation: 'order.query', subject: 'order T1', merchant: 'default' };
export const refusal = (code: string, retryAfterMs?: number): WxPayApiError =>
  new WxPayApiError({ call, code, httpStatus: 500, signed: false, retryAfterMs });
export const silence = (host = 'main'): WxPayTransportError =>
  new WxPayTransportError('Nothing came.', { hosts: [host], attempts: 1 });

const ANSWER: Reply = { status: 200, headers: new Map([['request-id', '08F7-0']]), body: Buffer.alloc(0) };

/** What an attempt comes to: an answer, at once or later, an error of the HTTP client, or the step that fails. */
export type Story =
  'answer' | 'hang' | Promise<void> | Error | { readonly [step in 'signing' | typeof SENDING]?: WxPayError };

/** How much time a call has, who may end it, and how it is retried. */
export interface Terms extends Partial<Omit<RunOptions, 'hosts'>> {
  readonly attemptTimeoutMs?: number;
  readonly maxAttempts?: number;
}

/** Calls of one app: they share what they learn of the hosts, by a clock of the test. */
export class Calls {
  readonly clock = { ms: 0 };
  readonly health = new HostHealth(() => this.clock.ms);
  /** The host of each attempt. */
  readonly asked: string[] = [];
  /** When each began, in milliseconds. */
  readonly #beganAt: number[] = [];
  readonly #stories = new WeakMap<Exchange, Story>();
  readonly #httpClient: HttpClient = {
    send: async (_request, exchange) => {
      const story = this.#stories.get(exchange);
      if (story instanceof Error) throw story;
      await (story === 'hang' ? new Promise(() => undefined) : story);
      return ANSWER;
    },
    open: () => Promise.reject(new Error('Nothing is streamed.')),
    close: () => undefined,
  };

  /** Runs a call whose attempts go as told, then are answered. */
  async run(stories: readonly Story[], terms: Terms = {}): Promise<unknown> {
    const { timeoutMs = 5_000, attemptTimeoutMs = 300, maxAttempts = 4, ...run } = terms;
    const rest = [...stories];
    const transport = new Transport({
      api: 'v3',
      httpClient: this.#httpClient,
      hosts: HOSTS,
      health: this.health,
      timeoutMs,
      attemptTimeoutMs,
      maxAttempts,
      maxInFlight: 64,
      hostRecoveryMs: RECOVERY_MS,
      maxReplyBytes: 1_000,
      userAgent: 'test',
    });
    try {
      return await transport.run(call, { effect: 'none', ...run }, (attempt) =>
        this.#tell(rest.shift() ?? 'answer', attempt),
      );
    } catch (error) {
      return error;
    }
  }

  async #tell(story: Story, attempt: Attempt): Promise<string> {
    this.asked.push(attempt.host.slice('https://'.length));
    this.#beganAt.push(performance.now());
    const isFailure = typeof story !== 'string' && !(story instanceof Promise) && !(story instanceof Error);
    const { signing, [SENDING]: sending } = isFailure ? story : {};
    this.#stories.set(attempt, isFailure ? 'answer' : story);
    await attempt.ask(SIGNER, 'signing', () => {
      if (signing !== undefined) throw signing;
    });
    await attempt.send({ method: 'GET', path: '/', body: '' }, {});
    if (sending !== undefined) throw sending;
    return 'answered';
  }

  /** Whether the call paused before each of its attempts but the first. */
  get paused(): readonly boolean[] {
    return this.pauses.map((ms) => ms >= SHORTEST_PAUSE_MS);
  }

  /** How long after one attempt the next began, in milliseconds. */
  get pauses(): readonly number[] {
    return this.#beganAt.slice(1).map((ms, index) => ms - (this.#beganAt[index] ?? 0));
  }

  /** The host that the next call begins with. */
  get next(): string {
    return this.health.first(HOSTS, { recoveryMs: undefined }).slice('https://'.length);
  }
}
