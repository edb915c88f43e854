import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Faults } from './faults.js';

/** Longer than any path in use and shorter than any RSA key in use. */
const MAX_PATH_LENGTH = 260;

/** What each variable holds; the one with `_FILE` holds its path. */
const FILES = {
  PRIVATE_KEY: 'apiclient_key.pem',
  PUBLIC_KEY: 'pub_key.pem',
  CLIENT_CERT: 'apiclient_cert.pem',
} as const;

type Name = keyof typeof FILES;
type GivenVariables = { readonly [Variable in Name | `${Name}_FILE`]?: string };

/** The content of a key or certificate and the variable it came from. */
export interface GivenContent {
  readonly variable: string;
  readonly content: string | Buffer;
}

/** Takes a key from its variable or from the file that the variable with `_FILE` names. */
export function readContent(
  environment: GivenVariables,
  variable: Name,
  faults: Faults,
): GivenContent | undefined {
  const fileVariable = `${variable}_FILE` as const;
  const { [variable]: text, [fileVariable]: path } = environment;
  if (text !== undefined && path !== undefined) {
    faults.add(variable, `and ${faults.nameOf(fileVariable)} are both set. Keep one of them.`);
  } else if (text !== undefined) {
    if (!isPath(text)) return { variable, content: text };
    faults.add(variable, `holds a path. Set ${faults.nameOf(fileVariable)} to it instead.`);
  } else if (path !== undefined) {
    const content = readFile(path, fileVariable, variable, faults);
    if (content !== undefined) return { variable: fileVariable, content };
  } else {
    faults.addMissing(
      [variable, fileVariable],
      `Set it to the content of ${FILES[variable]}, or ${faults.nameOf(fileVariable)} to its path.`,
    );
  }
  return undefined;
}

/** No PEM and no base64 has a full stop in it. */
function isPath(text: string): boolean {
  return /\.(pem|key|crt|cer|der|p12|txt)$/i.test(text);
}

function readFile(path: string, fileVariable: string, variable: string, faults: Faults): Buffer | undefined {
  // A key that was put here by mistake must not be quoted as a path.
  if (path.length > MAX_PATH_LENGTH || /-----|[\r\n]/.test(path)) {
    faults.add(
      fileVariable,
      `is not a path. If it is what the file contains, set ${faults.nameOf(variable)} to it instead.`,
    );
    return undefined;
  }
  const file = resolve(path);
  try {
    return readFileSync(file);
  } catch (error) {
    faults.add(
      fileVariable,
      `names ${file}, which cannot be read: ${reasonOf(error)}. Correct the path or mount the file.`,
    );
    return undefined;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a directory',
};

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return REASONS[code] ?? (code || 'unknown reason');
}
