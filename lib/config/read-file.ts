import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  isBrokenWindowsPath,
  isMadeOfWords,
  looksLikePath,
  MAX_PATH_LENGTH,
} from '../crypto/looks-like-path.js';
import type { Faults } from './faults.js';

/** Path of a file, the variable that names it, and the variable that could hold its content instead. */
export interface GivenFile {
  readonly path: string;
  readonly variable: string;
  readonly contentVariable: string;
}

/** Reads a file; undefined if it cannot be read. The fault does not quote a value that may be a secret instead of a path. */
export function readFile({ path, variable, contentVariable }: GivenFile, faults: Faults): Buffer | undefined {
  if (isBrokenWindowsPath(path)) {
    faults.add(
      variable,
      'is a Windows path in which \\n or \\r became a line end, as in double quotes. Write it with / in place of \\, or without quotes.',
    );
    return undefined;
  }
  if (/-----|[\r\n]/.test(path) || path.length > MAX_PATH_LENGTH) {
    faults.add(
      variable,
      `is not a path. If it is what the file contains, set ${faults.nameOf(contentVariable)} to it instead.`,
    );
    return undefined;
  }
  const file = resolve(path);
  try {
    return readFileSync(file);
  } catch (error) {
    // Sound: what readFileSync throws has a code, also for a path that contains a zero byte.
    const { code } = error as { readonly code: string };
    const hint = path.startsWith('~') ? '. ~ is not expanded: write the path in full' : '';
    const reason = (REASONS[code] ?? code) + hint;
    faults.add(
      variable,
      EXISTS.has(code) || isCertainlyPath(path)
        ? `names ${file}, which cannot be read: ${reason}. Correct the path or mount the file.`
        : `names a file that cannot be read: ${reason}. Correct the path; if it is what the file contains, set ${faults.nameOf(contentVariable)} to it instead.`,
    );
    return undefined;
  }
}

/** Returns true if a string is certainly a path, not a secret set in its place. */
function isCertainlyPath(path: string): boolean {
  return looksLikePath(path) && (/\.(pem|key|crt|cer|der|p12|txt)$/i.test(path) || isMadeOfWords(path));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'no permission',
  EISDIR: 'it is a directory',
};

/** Error codes of an existing path, which therefore cannot be a secret. */
const EXISTS = new Set(['EACCES', 'EISDIR']);
