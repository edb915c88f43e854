import { applyDecorators } from '@nestjs/common';
import { IsDefined, IsOptional } from 'class-validator';

/** Description of one variable for the configuration table. */
export interface VariableDescription {
  /** Its value, in Markdown. */
  readonly meaning: string;
  /** The effect of leaving it out, in Markdown; a variable with neither this nor `required` is simply optional. */
  readonly default?: string;
  readonly unit?: string;
  /** Whether the app cannot start without it. */
  readonly required?: boolean;
  /** Whether the value is never to be seen: not in a log, not in a message. */
  readonly secret?: boolean;
  /** Whether the variable with `_FILE` behind its name may name a file that holds the text. */
  readonly hasTextFile?: boolean;
}

/** A described variable; `name` is without the prefix. */
export interface DescribedVariable extends VariableDescription {
  readonly name: string;
}

const VARIABLES = Symbol.for('nestjs-wxpay/config/variables');

/** Describes an environment variable, for the configuration table, and makes it required or optional. */
export function Variable(description: VariableDescription): PropertyDecorator {
  const describe: PropertyDecorator = (target, property) => {
    const variables = [...variablesOf(target), { ...description, name: String(property) }];
    Reflect.defineMetadata(VARIABLES, variables, target);
  };
  return applyDecorators(description.required ? IsDefined() : IsOptional(), describe);
}

/** The variables of an environment class, given by its prototype, in the order of declaration. */
export function variablesOf(prototype: object): readonly DescribedVariable[] {
  const variables: readonly DescribedVariable[] | undefined = Reflect.getMetadata(VARIABLES, prototype);
  return variables ?? [];
}
