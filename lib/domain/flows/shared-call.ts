import { onAbort } from '../../signals/signal-followers.js';

export interface SharedCallOptions<T> {
  /** Deadline of the call, in milliseconds on the caller's clock. */
  readonly endsAt: number;
  readonly make: (signal: AbortSignal) => Promise<T>;
  /** Called when the call has ended or the last caller has left. */
  readonly ended: () => void;
}

/** Limits of one caller's wait. */
export interface WaitLimits {
  readonly signal?: AbortSignal;
  /** Maximum wait in milliseconds; undefined: until the call ends. */
  readonly timeoutMs: number | undefined;
}

/** One call that any number of callers wait for; aborted when the last caller stops waiting. */
export class SharedCall<T> {
  readonly endsAt: number;
  readonly #result: Promise<T>;
  readonly #abandoned = new AbortController();
  readonly #ended: () => void;
  #waiting = 0;

  constructor({ endsAt, make, ended }: SharedCallOptions<T>) {
    this.endsAt = endsAt;
    this.#ended = ended;
    this.#result = make(this.#abandoned.signal);
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
      this.#result.then(
        (result) => settled(() => resolve(result)),
        (error: unknown) => settled(() => reject(error)),
      );
    });
  }
}

/** Makes a deep copy of objects, arrays and dates, including properties that are not enumerable. */
export function copyOf<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return new Date(value) as T & Date;
  if (Array.isArray(value)) return value.map(copyOf) as T & unknown[];
  const members = Object.entries(Object.getOwnPropertyDescriptors(value));
  const copies = members.map(([name, member]) => [name, { ...member, value: copyOf(member.value) }] as const);
  return Object.create(Object.getPrototypeOf(value) as object | null, Object.fromEntries(copies)) as T;
}
