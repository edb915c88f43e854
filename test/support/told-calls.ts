import { WxPayApiError } from '../../lib/errors/wxpay-api-error.js';
import type { WxPayError } from '../../lib/errors/wxpay-error.js';
import { WxPayTransportError } from '../../lib/errors/wxpay-transport-error.js';
import { SENDING, type Attempt } from '../../lib/transport/attempt.js';
import { Deadline } from '../../lib/transport/deadline.js';
import { Failover } from '../../lib/transport/failover.js';
import { Gate } from '../../lib/transport/gate.js';
import { HostHealth } from '../../lib/transport/host-health.js';

const HOSTS = ['https://main', 'https://backup'];
export const RECOVERY_MS = 1_000;
/** Of 100 ms, as timers may fire a moment early. */
export const SHORTEST_PAUSE_MS = 98;
const call = { operation: 'order.query', subject: 'order T1', merchant: 'default' };
export const refusal = (code: string, retryAfterMs?: number): WxPayApiError =>
  new WxPayApiError({ call, code, httpStatus: 500, signed: false, retryAfterMs });
export const silence = (host = 'main'): WxPayTransportError =>
  new WxPayTransportError('Nothing came.', { hosts: [host], attempts: 1 });

/** What an attempt comes to: an answer, at once or later, or where it fails and how. */
export type Story =
  'answer' | 'hang' | Promise<void> | { readonly [step in 'signing' | typeof SENDING]?: WxPayError };

/** How much time a call has, and who may end it. */
export interface Terms {
  readonly timeoutMs?: number;
  readonly attemptTimeoutMs?: number;
  readonly maxAttempts?: number;
  readonly signal?: AbortSignal;
}

/** Calls of one app: they share what they learn of the hosts, by a clock of the test. */
export class Calls {
  readonly clock = { ms: 0 };
  readonly health = new HostHealth(() => this.clock.ms);
  /** The host of each attempt. */
  readonly asked: string[] = [];
  /** When each began, in milliseconds. */
  readonly #beganAt: number[] = [];
  readonly #gate = new Gate('waiting for its turn');

  /** Runs a call whose attempts go as told, then are answered. */
  async run(stories: readonly Story[], terms: Terms = {}): Promise<unknown> {
    const { timeoutMs = 5_000, attemptTimeoutMs = 300, maxAttempts = 4, signal } = terms;
    const deadline = new Deadline(timeoutMs, signal);
    const rest = [...stories];
    const failover = new Failover({
      call,
      effect: 'none',
      anyReply: false,
      deadline,
      gate: this.#gate,
      maxInFlight: 64,
      hosts: HOSTS,
      health: this.health,
      attemptTimeoutMs,
      maxAttempts,
      hostRecoveryMs: RECOVERY_MS,
    });
    await this.#gate.enter(deadline, 64);
    try {
      return await failover.run((attempt) => this.#tell(rest.shift() ?? 'answer', attempt));
    } catch (error) {
      return error;
    } finally {
      deadline.stop();
    }
  }

  async #tell(story: Story, { host, step }: Attempt): Promise<string> {
    this.asked.push(host.slice('https://'.length));
    this.#beganAt.push(performance.now());
    const isFailure = typeof story !== 'string' && !(story instanceof Promise);
    const { signing, [SENDING]: sending } = isFailure ? story : {};
    await step('signing', async () => {
      if (signing !== undefined) throw signing;
    });
    return step(SENDING, async () => {
      if (sending !== undefined) throw sending;
      await (story === 'hang' ? new Promise(() => undefined) : story);
      return 'answered';
    });
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
