import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { readSources } from '../support/assertions/source-file.js';
import { PUBLIC_API } from './public-api.js';

const ENTRY_FILES: Readonly<Record<keyof typeof PUBLIC_API, string>> = {
  'nestjs-wxpay': 'index.ts',
  'nestjs-wxpay/bullmq': 'bullmq/index.ts',
  'nestjs-wxpay/config': 'config/index.ts',
  'nestjs-wxpay/terminus': 'terminus/index.ts',
  'nestjs-wxpay/opentelemetry': 'opentelemetry/index.ts',
  'nestjs-wxpay/testing': 'testing/index.ts',
};
const lib = readSources('lib');

// Users rely on these names: a change of public-api.ts is a change of the package.
describe.each(Object.entries(PUBLIC_API))('%s', (entry, { values, types }) => {
  it('provides the listed values', async () => {
    const module: object = await import(entry);

    expect(Object.keys(module).toSorted()).toEqual(values);
  });

  it('provides the listed types', () => {
    const file = lib.find(({ path }) => path === ENTRY_FILES[entry as keyof typeof PUBLIC_API]);

    const names = file?.nodes
      .filter((node) => ts.isExportSpecifier(node))
      .filter((specifier) => specifier.isTypeOnly || specifier.parent.parent.isTypeOnly)
      .map((specifier) => specifier.name.text);

    expect(names?.toSorted()).toEqual(types);
  });
});
