import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Faults } from './faults.js';
import { readTextFiles } from './read-text-files.js';
import { textOf } from './text.js';
import { variablesOf } from './variable.decorator.js';

/** Remedy for a required variable that is not set. */
export const SET_IT =
  'Set it in the environment, or in .env and import ConfigModule.forRoot(), whose validate or validationSchema has to keep the name.';

/** Likely cause if a variable is set and does not reach the environment. Follows the remedy of a variable that is not set. */
export const KEEP_NAME =
  'If .env has it, the validate or validationSchema of ConfigModule.forRoot() has to keep the name.';

/** Reads and validates the variables of an environment class under one prefix; adds the faults to `faults`. */
export function readEnvironment<T extends object>(
  type: new () => T,
  env: NodeJS.ProcessEnv,
  faults: Faults,
): T {
  const variables = variablesOf(type.prototype as T);
  const given: Record<string, string> = {};
  for (const { name } of variables) {
    const text = textOf(env[faults.nameOf(name)]);
    if (text !== undefined) given[name] = text;
  }
  const sourceOf = readTextFiles(variables, given, faults);
  const environment = plainToInstance(type, given);
  for (const { property, constraints = {} } of validateSync(environment, { stopAtFirstError: true })) {
    if (property in given) faults.add(sourceOf(property), Object.values(constraints).join(' '));
    else faults.addMissing([property], SET_IT);
  }
  return environment;
}
