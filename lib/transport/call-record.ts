import { performance } from 'node:perf_hooks';
import type { CallContext } from '../errors/call-context.js';
import type { AttemptEvent, CallEvent, CallLabels, CallOutcome } from '../telemetry/call-events.js';
import type { WxPayFailure } from '../telemetry/failure.js';
import type { End } from './retry/attempt-event.js';

/** The event of one call, completed as the call goes on. It exists only for calls that are traced. */
export class CallRecord implements CallEvent {
  readonly merchant: string;
  readonly operation: string;
  readonly api: CallLabels['api'];
  readonly outTradeNo: string | undefined;
  outcome: CallOutcome | undefined;
  durationMs: number | undefined;
  attempts: number | undefined;
  host: string | undefined;
  isBackup: boolean | undefined;
  httpStatus: number | undefined;
  requestId: string | undefined;
  error: WxPayFailure | undefined;
  readonly #startedAt = performance.now();

  constructor({ merchant, operation, outTradeNo }: CallContext, api: CallLabels['api']) {
    this.merchant = merchant;
    this.operation = operation;
    this.api = api;
    this.outTradeNo = outTradeNo;
  }

  /** Adds an attempt; the last one counts. */
  add({ attempt, host, isBackup, httpStatus, requestId }: AttemptEvent): void {
    Object.assign(this, { attempts: attempt, host, isBackup, httpStatus, requestId });
  }

  /** Adds the end of the call. */
  end({ outcome, error }: End): void {
    this.outcome = outcome;
    this.error = error;
    this.attempts ??= 0;
    this.durationMs = performance.now() - this.#startedAt;
  }
}
