import type { TransformFnParams } from 'class-transformer';

/** Turns the text of a list into its parts, for `@Transform`. */
export function splitAtCommas({ value }: TransformFnParams): string[] {
  return String(value)
    .split(',')
    .map((part) => part.trim());
}
