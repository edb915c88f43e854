/** Options from JavaScript callers, which may have any type. */
export type UncheckedOptions = Readonly<Record<string, unknown>>;

/** Returns the fault of a value, to follow the name of its option; undefined if there is none. */
export type Check = (value: unknown, options: UncheckedOptions) => string | undefined;

/** Lists the faults of options, each starting with the name of the option. */
export function faultsOf(options: UncheckedOptions, checks: Readonly<Record<string, Check>>): string[] {
  return Object.entries(checks).flatMap(([name, check]) => {
    const fault = check(options[name], options);
    return fault === undefined ? [] : [`${name} ${fault}`];
  });
}

/** Creates a check from a predicate. @param requirement follows "must", for example `be true or false.` */
export function must(holds: (value: unknown) => boolean, requirement: string): Check {
  return (value) => (holds(value) ? undefined : `must ${requirement}`);
}

/** Creates a predicate that also holds for an option that is left out. */
export function optional(holds: (value: unknown) => boolean): (value: unknown) => boolean {
  return (value) => value === undefined || holds(value);
}

/** Creates a predicate for strings of a form. */
export function matches(pattern: RegExp): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && pattern.test(value);
}

/** Creates a predicate for integers of a range, the limits included. */
export function isInteger(min: number, max: number): (value: unknown) => boolean {
  return (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export function hasMethods(
  value: unknown,
  ...names: readonly string[]
): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && names.every((name) => typeof value[name] === 'function');
}
