import { onAbort } from '../../signals/signal-followers.js';

export interface SharedCallOptions<T> {
  /** The moment at which the call ends by itself, on the clock of the caller. */
  readonly endsAt: number;
  readonly make: (signal: AbortSignal) => Promise<T>;
  /** Called once there is nothing more to wait for. */
  readonly ended: () => void;
}

/** Limits within which one caller waits. */
export interface WaitLimits {
  readonly signal?: AbortSignal;
  /** In milliseconds; undefined: as long as the call takes. */
  readonly timeoutMs: number | undefined;
}

/** One call that any number of callers wait for; it is given up when the last of them has left. */
export class SharedCall<T> {
  readonly endsAt: number;
  readonly #answer: Promise<T>;
  readonly #abandoned = new AbortController();
  readonly #ended: () => void;
  #waiting = 0;

  constructor({ endsAt, make, ended }: SharedCallOptions<T>) {
    this.endsAt = endsAt;
    this.#ended = ended;
    this.#answer = make(this.#abandoned.signal);
  }

  /** @throws the call's error; `signal.reason` if the caller aborts; `timedOut()` if its own timeout ends first */
  wait(timedOut: () => Error, { signal, timeoutMs }: WaitLimits): Promise<T> {
    this.#waiting++;
    return new Promise<T>((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        unfollow();
      };
      const leave = (reason: unknown): void => {
        end();
        reject(reason);
        if (--this.#waiting > 0) return;
        this.#ended();
        this.#abandoned.abort(reason);
      };
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => leave(timedOut()), timeoutMs);
      const unfollow = onAbort(signal, () => leave(signal?.reason));
      const settled = (settle: () => void): void => {
        end();
        this.#ended();
        settle();
      };
      this.#answer.then(
        (answer) => settled(() => resolve(answer)),
        (error: unknown) => settled(() => reject(error)),
      );
    });
  }
}

/** A value of its own, hidden members included, for data made of objects, arrays and dates. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value) as T & Date;
  if (Array.isArray(value)) return value.map(copyOf) as T & unknown[];
  const members = Object.entries(Object.getOwnPropertyDescriptors(value));
  const copies = members.map(([name, member]) => [name, { ...member, value: copyOf(member.value) }] as const);
  return Object.create(Object.getPrototypeOf(value) as object | null, Object.fromEntries(copies)) as T;
}
