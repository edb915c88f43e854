import type { TransformFnParams } from 'class-transformer';

/** Turns the text of a list into its parts, for `@Transform`. */
export function splitAtCommas({ value }: TransformFnParams): string[] {
  return String(value)
    .split(',')
    .map((part) => part.trim());
}

/**
 * The value of a variable without surrounding whitespace and quotes, which `docker --env-file` and Kubernetes manifests
 * leave in place; undefined if nothing is left, as an empty variable counts as not set.
 */
export function textOf(value: string | undefined): string | undefined {
  const text = value
    ?.trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim();
  return text === '' ? undefined : text;
}
