import type { Plan } from './plan.js';
import type { CountName } from './tally.js';

/** One thing that keeps a shop safe: what it is in the code, and what happens where it is not. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  /** The same without the guard. */
  readonly replace: string;
  /** What is played without it. */
  readonly plan: Partial<Plan>;
  /** What then happens that must not. */
  readonly expects: CountName;
}
