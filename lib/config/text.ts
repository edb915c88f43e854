import type { TransformFnParams } from 'class-transformer';

/** Splits a comma-separated list, for `@Transform`. */
export function splitAtCommas({ value }: TransformFnParams): string[] {
  return String(value)
    .split(',')
    .map((part) => part.trim());
}

/**
 * Strips surrounding whitespace and quotes from a value; `docker --env-file` and Kubernetes manifests keep them. Returns
 * undefined for an empty value, which counts as not set.
 */
export function textOf(value: string | undefined): string | undefined {
  const text = value
    ?.trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim();
  return text === '' ? undefined : text;
}
