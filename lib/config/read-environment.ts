import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import type { Faults } from './faults.js';
import { textOf } from './text-of.js';
import { variablesOf } from './variable.decorator.js';
import { WxPayEnvironment } from './wxpay-environment.js';

/** Reads the variables of one prefix; what does not fit is added to `faults`. */
export function readEnvironment(env: NodeJS.ProcessEnv, faults: Faults): WxPayEnvironment {
  const given: Record<string, string> = {};
  for (const { name } of variablesOf(WxPayEnvironment.prototype)) {
    const text = textOf(env[faults.nameOf(name)]);
    if (text !== undefined) given[name] = text;
  }
  const environment = plainToInstance(WxPayEnvironment, given);
  for (const { property, constraints = {} } of validateSync(environment, { stopAtFirstError: true })) {
    if (property in given) faults.add(property, Object.values(constraints).join(' '));
    else
      faults.addMissing(
        [property],
        'Set it in the environment, or in .env and import ConfigModule.forRoot().',
      );
  }
  return environment;
}
