import { applyDecorators } from '@nestjs/common';
import { IsDefined, IsOptional } from 'class-validator';

/** Description of a variable for the configuration table. */
export interface VariableDescription {
  /** Meaning of the value, in Markdown. */
  readonly meaning: string;
  /** Default value or effect of the default, in Markdown. A variable with neither this nor `required` is optional. */
  readonly default?: string;
  readonly unit?: string;
  /** True if the app cannot start without it. */
  readonly required?: boolean;
  /** True if the value must not appear in logs or messages. */
  readonly secret?: boolean;
  /** True if the variable with the suffix `_FILE` may name a file with the value. */
  readonly hasTextFile?: boolean;
}

/** Variable with its description; `name` has no prefix. */
export interface DescribedVariable extends VariableDescription {
  readonly name: string;
}

const VARIABLES = Symbol.for('nestjs-wxpay/config/variables');

/** Describes an environment variable for the configuration table and makes it required or optional. */
export function Variable(description: VariableDescription): PropertyDecorator {
  const describe: PropertyDecorator = (target, property) => {
    const variables = [...variablesOf(target), { ...description, name: String(property) }];
    Reflect.defineMetadata(VARIABLES, variables, target);
  };
  return applyDecorators(description.required ? IsDefined() : IsOptional(), describe);
}

/** Returns the variables of an environment class, given its prototype, in order of declaration. */
export function variablesOf(prototype: object): readonly DescribedVariable[] {
  const variables: readonly DescribedVariable[] | undefined = Reflect.getMetadata(VARIABLES, prototype);
  return variables ?? [];
}
