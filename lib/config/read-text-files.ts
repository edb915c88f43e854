import { decodeText } from '../crypto/key-blocks.js';
import type { Faults } from './faults.js';
import { readFile } from './read-file.js';
import { textOf } from './text.js';
import type { DescribedVariable } from './variable.decorator.js';

/**
 * Form of an API key. Such a value is never treated as a path. The merchant console accepts letters and digits only; keys in
 * base64 are let through, too, unless they begin with / as a path does.
 */
const MAYBE_API_KEY = /^[0-9A-Za-z+=][0-9A-Za-z+/=]{31}$/;

/**
 * Fills in the variables whose value is in a file, as Docker and Kubernetes provide secrets.
 *
 * @param given values of the variables that are set; modified in place
 * @returns a function that returns the variable a value was read from
 */
export function readTextFiles(
  variables: readonly DescribedVariable[],
  given: Record<string, string>,
  faults: Faults,
): (variable: string) => string {
  const sources = new Map<string, string>();
  for (const { name: variable } of variables.filter(({ hasTextFile }) => hasTextFile)) {
    const fileVariable = `${variable}_FILE`;
    const { [variable]: text, [fileVariable]: path } = given;
    if (text !== undefined && path !== undefined) {
      faults.addBoth(variable, fileVariable, MAYBE_API_KEY.test(text) ? '' : text);
    } else if (text !== undefined) {
      if (!MAYBE_API_KEY.test(text)) faults.addPath(variable, fileVariable, text);
    } else if (path !== undefined) {
      const bytes = readFile({ path, variable: fileVariable, contentVariable: variable }, faults);
      if (bytes === undefined) continue;
      const content = textOf(decodeText(bytes));
      if (content === undefined) faults.add(fileVariable, 'names a file that is empty.');
      else given[variable] = content;
      sources.set(variable, fileVariable);
    }
  }
  return (variable) => sources.get(variable) ?? variable;
}
