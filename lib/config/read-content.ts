import type { Faults } from './faults.js';
import { KEEP_NAME } from './read-environment.js';
import { readFile } from './read-file.js';

/** File whose content each variable holds; the variable with `_FILE` holds its path. */
const FILES = {
  PRIVATE_KEY: 'apiclient_key.pem',
  PUBLIC_KEY: 'pub_key.pem',
  CLIENT_CERT: 'apiclient_cert.pem',
} as const;

type Name = keyof typeof FILES;
type GivenVariables = { readonly [Variable in Name | `${Name}_FILE`]?: string };

/** Content of a key or certificate, and its variable. */
export interface GivenContent {
  readonly variable: string;
  readonly content: string | Buffer;
}

/** Reads a key from its variable, or from the file named by the variable with `_FILE`. */
export function readContent(
  environment: GivenVariables,
  variable: Name,
  faults: Faults,
): GivenContent | undefined {
  const fileVariable = `${variable}_FILE` as const;
  const { [variable]: text, [fileVariable]: path } = environment;
  if (text !== undefined && path !== undefined) {
    faults.addBoth(variable, fileVariable, text);
  } else if (text !== undefined) {
    if (!faults.addPath(variable, fileVariable, text)) return { variable, content: text };
  } else if (path !== undefined) {
    const content = readFile({ path, variable: fileVariable, contentVariable: variable }, faults);
    if (content !== undefined) return { variable: fileVariable, content };
  } else {
    faults.addMissing(
      [variable, fileVariable],
      `Set it to the content of ${FILES[variable]}, or ${faults.nameOf(fileVariable)} to its path. ${KEEP_NAME}`,
    );
  }
  return undefined;
}
