import { WxPayError, WxPaySignatureError } from 'nestjs-wxpay';
import type { Chance } from './chance.js';
import type { OrderName } from './history.js';
import { HANGS, inTime } from './in-time.js';
import type { Stage } from './stage.js';
import type { Offence, Tally } from './tally.js';

/** How much later than its time a call may end: this machine may be busy. */
const TOLERANCE_MS = 2_000;

/** How much later a call may end than somebody gave it up. */
const LEAVING_MS = 1_000;

/** What somebody who gives up says. */
const LEFT = Symbol('left');

/** One call of the library. */
export interface Call<T> {
  readonly operation: string;
  /** The order that it is about. */
  readonly name: OrderName;
  readonly timeoutMs: number;
  readonly make: (signal: AbortSignal) => Promise<T>;
  /** How the result is counted. */
  readonly end: (result: T) => string;
  /** @param since when the call began */
  readonly judge: (result: T, since: number) => Offence | undefined;
  /** What is wrong with a failure. Default: what the judge of the world says of one about an order. */
  readonly blame?: (error: WxPayError) => Offence | undefined;
}

/** Makes calls, waits for them no longer than they may take, and tells the tally how they ended. */
export class Calls {
  readonly #stage: Stage;
  readonly #tally: Tally;
  readonly #chance: Chance;
  /** The share of the callers who give up. */
  readonly #leaving: number;

  constructor(stage: Stage) {
    const { plan, tally, chance } = stage;
    this.#stage = stage;
    this.#tally = tally;
    this.#chance = chance;
    this.#leaving = plan.leaving;
  }

  /** @returns what the call returned, if it did */
  async run<T>(call: Call<T>): Promise<T | undefined> {
    const { operation, name, timeoutMs, make, end, judge } = call;
    const since = performance.now();
    const caller = new AbortController();
    let leftAt = Infinity;
    const leave = (): void => {
      leftAt = Math.min(leftAt, performance.now());
      caller.abort(LEFT);
    };
    const leaving = this.#chance.happens(this.#leaving)
      ? setTimeout(leave, this.#chance.between(0, timeoutMs))
      : undefined;
    if (this.#chance.happens(0.01)) leave();
    try {
      const result = await inTime(make(caller.signal), timeoutMs + TOLERANCE_MS);
      if (result === HANGS) {
        this.#ended(operation, 'hangs', ['hangs', `${operation} of ${name.outTradeNo}`]);
        return undefined;
      }
      this.#ended(operation, end(result), judge(result, since));
      return result;
    } catch (error) {
      this.#failed(call, error, since);
      return undefined;
    } finally {
      clearTimeout(leaving);
      if (performance.now() - leftAt > LEAVING_MS) {
        this.#tally.offended(['hangs', `${operation} of ${name.outTradeNo} after it was given up`]);
      }
    }
  }

  #failed<T>({ operation, name, blame }: Call<T>, error: unknown, since: number): void {
    if (error === LEFT) return this.#ended(operation, 'left');
    if (!(error instanceof WxPayError)) {
      return this.#ended(operation, 'untyped', ['untyped errors', `${operation}: ${String(error)}`]);
    }
    this.offendedByError(error);
    const end = error instanceof WxPaySignatureError ? error.reason : error.code;
    const { judge } = this.#stage.world;
    this.#ended(operation, end, blame === undefined ? judge.failure(error, name, since) : blame(error));
  }

  /** Looks an error over that the library made. */
  offendedByError(error: WxPayError): void {
    const told = this.#stage.world.secrets.inError(error);
    if (told !== undefined) this.#tally.offended(['secrets told', `${told} in ${error.name}`]);
  }

  #ended(operation: string, end: string, offence?: Offence): void {
    this.#tally.called(operation, end);
    this.#tally.offended(offence);
  }
}
