/** What must never happen. */
export const COUNTS = [
  'wrong results',
  'closes not done',
  'payments dropped',
  'payments taken twice',
  'refunds sent twice',
  'refunds not made',
  'bill rows believed',
  'hangs',
  'unanswered',
  'unhandled rejections',
  'untyped errors',
  'secrets told',
  'connections left',
  'memory growth',
] as const;

export type CountName = (typeof COUNTS)[number];

/** Something that must never happen, and what it was. */
export type Offence = readonly [count: CountName, what: string];

/** How the calls of one operation ended. */
export interface OperationTally {
  calls: number;
  readonly ends: Map<string, number>;
}

/** How many of the first offences are shown in full. */
const SHOWN = 20;

/** Counts what a campaign did, what went wrong on the way, and what must not. */
export class Tally {
  readonly operations = new Map<string, OperationTally>();
  readonly faults = new Map<string, number>();
  readonly #offences = new Map<CountName, number>();
  readonly #leftOut = new Set<CountName>();
  /** The first offences, in full. */
  readonly examples: string[] = [];

  get calls(): number {
    return [...this.operations.values()].reduce((sum, { calls }) => sum + calls, 0);
  }

  get offences(): number {
    return [...this.#offences.values()].reduce((sum, count) => sum + count, 0);
  }

  /** @param end how a call ended: `ok`, an outcome or the code of an error */
  called(operation: string, end: string): void {
    const known = this.operations.get(operation) ?? { calls: 0, ends: new Map<string, number>() };
    known.calls++;
    known.ends.set(end, (known.ends.get(end) ?? 0) + 1);
    this.operations.set(operation, known);
  }

  /** @param counts how often each kind of fault struck */
  struck(counts: Readonly<Record<string, number>>): void {
    for (const [kind, count] of Object.entries(counts)) {
      this.faults.set(kind, (this.faults.get(kind) ?? 0) + count);
    }
  }

  /** A count that this campaign cannot tell. */
  leftOut(name: CountName): void {
    this.#leftOut.add(name);
  }

  offended(offence: Offence | undefined): void {
    if (offence === undefined) return;
    const [name, what] = offence;
    this.#offences.set(name, (this.#offences.get(name) ?? 0) + 1);
    if (this.examples.length < SHOWN) this.examples.push(`! ${name}: ${what}`);
  }

  toString(): string {
    const operations = [...this.operations]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, { calls, ends }]) => {
        const list = [...ends].toSorted(([, a], [, b]) => b - a).map(([end, count]) => `${end} ${count}`);
        return `${name.padEnd(16)}${String(calls).padStart(8)}  ${list.join(', ')}`;
      });
    const faults = [...this.faults]
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => `${kind} ${count}`);
    const counts = COUNTS.map((name) => `${name.padEnd(24)}${this.#told(name)}`);
    return [
      ...operations,
      '',
      `${[...this.faults.values()].reduce((sum, count) => sum + count, 0)} faults: ${faults.join(', ')}`,
      '',
      ...counts,
    ].join('\n');
  }

  #told(name: CountName): string {
    const count = this.#offences.get(name) ?? 0;
    return count === 0 && this.#leftOut.has(name) ? 'not measured' : String(count);
  }
}
