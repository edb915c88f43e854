import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { compile, emitDeclarations, type Declarations } from '../support/assertions/consumer.js';
import { entryNames, entrySources, optionalPeers } from '../support/assertions/package-manifest.js';

// Emits all declarations once, and compiles each entry against Nest.
jest.setTimeout(120_000);

const ENTRIES = entryNames();
const PEERS = optionalPeers();
/** The optional peers that the declarations of an entry name. All the others need not be installed. */
const NAMED: Readonly<Record<string, string>> = {
  'nestjs-wxpay/bullmq': 'bullmq',
  'nestjs-wxpay/config': '@nestjs/config',
  'nestjs-wxpay/opentelemetry': '@opentelemetry/api',
  'nestjs-wxpay/terminus': '@nestjs/terminus',
};

let declarations: Declarations;

beforeAll(() => {
  declarations = emitDeclarations(entrySources());
});

/** A file that takes all of an entry. */
const useOf = (entry: string): string => `export * from '${entry}';\n`;

describe.each(ENTRIES)('the types of %s', (entry) => {
  const named = NAMED[entry];

  it('compile without the peers of the other entries', () => {
    const without = PEERS.filter((name) => name !== named);

    expect(compile({ code: useOf(entry), without }, declarations)).toEqual([]);
  });
});

describe('an entry', () => {
  it.each(Object.entries(NAMED))('%s is reported if its own peer %s is missing', (entry, named) => {
    const reports = compile({ code: useOf(entry), without: [named] }, declarations);

    expect(reports).toContainEqual(expect.stringContaining(`Cannot find module '${named}'`));
  });

  it('is reported if its types import the peer of another entry', () => {
    const path = [...declarations.keys()].find((each) => each.endsWith('/terminus/index.d.ts')) ?? '';
    const leaking = `${declarations.get(path)}export type { Queue } from 'bullmq';\n`;

    const reports = compile(
      { code: useOf('nestjs-wxpay/terminus'), without: ['bullmq'] },
      new Map([...declarations, [path, leaking]]),
    );

    expect(reports).toEqual([
      expect.stringMatching(/^dist\/esm\/terminus\/index\.d\.ts: Cannot find module 'bullmq'/),
    ]);
  });
});
