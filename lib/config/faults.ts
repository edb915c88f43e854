import { isBrokenWindowsPath, looksLikePath } from '../crypto/looks-like-path.js';
import { InvalidKeyError } from '../crypto/pem.js';
import { WxPayConfigError } from '../index.js';
import { findNearMiss, findSimilar, type NearMissInput } from './near-misses.js';

/**
 * Collects the faults of the variables of one prefix. Only the first fault of each variable is kept.
 *
 * Later steps may report follow-up faults freely: they are dropped for a variable that already has a fault.
 */
export class Faults {
  readonly #names: NearMissInput;
  readonly #problems = new Map<string, string>();

  constructor(names: NearMissInput) {
    this.#names = names;
  }

  /** Returns the full name of a variable. */
  nameOf(variable: string): string {
    return this.#names.prefix + variable;
  }

  /** @param problem phrase that follows the name of the variable; never contains its value */
  add(variable: string, problem: string): void {
    // A fault in a file is reported under the variable that names the file.
    if (this.#problems.has(variable) || this.#problems.has(`${variable}_FILE`)) return;
    this.#problems.set(variable, problem);
  }

  /** Returns true if one of the variables is set, under its own or a similar name. */
  isMeant(...variables: readonly string[]): boolean {
    return variables.some((variable) => findSimilar(variable, this.#names) !== undefined);
  }

  /**
   * Reports a variable that is not set, and a set variable with a similar name.
   *
   * @param names alternative variables, without the prefix; the fault is reported under the first
   */
  addMissing(names: readonly [string, ...string[]], remedy: string): void {
    for (const variable of names) {
      const similar = findNearMiss(variable, this.#names);
      if (similar !== undefined) {
        this.add(names[0], `is not set. Did you mean ${similar}? Rename it to ${this.nameOf(variable)}.`);
        return;
      }
    }
    this.add(names[0], `is not set. ${remedy}`);
  }

  addBoth(variable: string, fileVariable: string, text: string): void {
    const hint = looksLikePath(text) ? ` ${this.nameOf(variable)} holds a path, not a key.` : '';
    this.add(variable, `and ${this.nameOf(fileVariable)} are both set. Keep one of them.${hint}`);
  }

  /**
   * Reports a path in place of the content of its file.
   *
   * @returns false if the text is not a path
   */
  addPath(variable: string, fileVariable: string, text: string): boolean {
    const fileName = this.nameOf(fileVariable);
    if (isBrokenWindowsPath(text)) {
      this.add(
        variable,
        `holds a Windows path in which \\n or \\r became a line end, as in double quotes. Set ${fileName} to it instead, with / in place of \\.`,
      );
      return true;
    }
    if (!looksLikePath(text)) return false;
    this.add(variable, `holds a path. Set ${fileName} to it instead.`);
    return true;
  }

  /**
   * Constructs a part of the module and reports the faults of its options.
   *
   * @param variables the variable of each option
   */
  attempt<T>(construct: () => T, variables: Readonly<Record<string, string>>): T | undefined {
    try {
      return construct();
    } catch (error) {
      if (!(error instanceof WxPayConfigError)) throw error;
      for (const fault of error.faults) {
        const [option = ''] = fault.split(' ', 1);
        this.add(variables[option] ?? option, fault.slice(option.length + 1));
      }
      return undefined;
    }
  }

  /** Reads a key or certificate and reports its fault under the variable. */
  readOrReport<T>(read: () => T, variable: string): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InvalidKeyError)) throw error;
      this.add(variable, error.message);
      return undefined;
    }
  }

  /** Returns all faults, each starting with the full name of its variable. */
  list(): string[] {
    return [...this.#problems].map(([variable, problem]) => `${this.nameOf(variable)} ${problem}`);
  }
}
