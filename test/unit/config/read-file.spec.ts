import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Faults } from '../../../lib/config/faults.js';
import { readFile } from '../../../lib/config/read-file.js';

const NOT_A_PATH =
  'WXPAY_KEY_FILE is not a path. If it is what the file contains, set WXPAY_KEY to it instead.';

/** Tries to read a file that cannot be read, and returns the fault. */
function faultOf(path: string): string | undefined {
  const faults = new Faults({ env: {}, prefix: 'WXPAY_', known: new Set() });
  expect(readFile({ path, variable: 'KEY_FILE', contentVariable: 'KEY' }, faults)).toBeUndefined();
  return faults.list()[0];
}

describe('readFile', () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wxpay-read-file-'));
    chmodSync(folder, 0o755);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it('names a file that the app has no permission to read', () => {
    const path = join(folder, 'Zm9vYmFyYmF6cXV4');
    writeFileSync(path, 'key', { mode: 0o000 });

    expect(asNobody(() => faultOf(path))).toBe(
      `WXPAY_KEY_FILE names ${path}, which cannot be read: no permission. Correct the path or mount the file.`,
    );
  });

  it('names a directory', () => {
    expect(faultOf(folder)).toContain(`names ${folder}, which cannot be read: it is a directory.`);
  });

  it('names the error code of other failures', () => {
    expect(faultOf('key\0.pem')).toContain('cannot be read: ERR_INVALID_ARG_VALUE.');
  });

  it.each([
    'C:\new',
    'C\new',
    'certs\new_key',
    'c:\router\\key',
    'D:keys\\n\new',
    'keys\new.pem',
    '\\\\host\\\nkey',
    'x\r.p12',
  ])('recognises the Windows path %j, in which an escape became a line end', (path) => {
    expect(faultOf(path)).toContain('is a Windows path in which \\n or \\r became a line end');
  });

  it.each([
    'keys:\nrest',
    'aB3dE9f\nGh1Jk',
    'key.pem\nAbC',
    'key.pem\r',
    '-----BEGIN\\n\nkey.pem',
    'k'.repeat(261),
  ])('does not take %j for a path', (path) => {
    expect(faultOf(path)).toBe(NOT_A_PATH);
  });

  it('takes up to 260 characters for a path', () => {
    expect(faultOf('k/'.repeat(130))).toContain('cannot be read: no such file.');
  });

  it.each([
    '/absent/Secrets/KEYS/abc123/v12/key1/k',
    '/absent/aGVsbG8gd29ybGQh/apiclient.KEY',
    '~/absent/key-file/key_file/key file',
  ])('quotes the certain path %s', (path) => {
    expect(faultOf(path)).toContain(
      `names ${path.startsWith('/') ? path : join(process.cwd(), path)}, which`,
    );
  });

  it.each([
    '/absent/aGVsbG8gd29ybGQh',
    '/absent/keY',
    '/absent/abcd1',
    '/absent/abc1234567',
    `/absent/${'k'.repeat(25)}`,
    '/absent/key.pemaGVsbG8gd29ybGQh',
    'k3yOfTheShop',
  ])('does not quote %s, which may be a part of a key', (path) => {
    expect(faultOf(path)).not.toContain(path);
  });
});

/** Runs a function without the permissions of root. */
function asNobody<T>(run: () => T): T {
  if (process.getuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}
