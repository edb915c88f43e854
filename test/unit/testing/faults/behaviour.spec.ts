import { describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { MockFaultKind } from 'nestjs-wxpay/testing';
import { FAULT_KINDS, type FaultTarget } from '../../../../lib/testing/faults/fault-kinds.js';
import { readPage } from '../../../docs/markdown.js';

describe('docs/testing.md', () => {
  it('lists every fault, and no others', async () => {
    const [source, page] = [
      await readFile('lib/testing/faults/behaviour.ts', 'utf8'),
      await readFile('docs/testing.md', 'utf8'),
    ];
    const declared = source.slice(
      source.indexOf('export type MockFault'),
      source.indexOf('export interface NoChange'),
    );

    const faults = [...declared.matchAll(/'([a-z-]+)'/g)].map(([, name = '']) => name);
    const rows = [...page.matchAll(/^\| `\{ fault: '([a-z-]+)'/gm)].map(([, name = '']) => name);

    expect(faults).toContain('unsigned');
    expect(rows.toSorted()).toEqual(faults.toSorted());
  });

  it('lists every fault of a notification, and no others', () => {
    const [, table = ''] = /^\| Fault +\| API +\|\n(.*?)\n\n/ms.exec(readPage('docs/testing.md')) ?? [];

    const declared = readPage('lib/testing/notifications/notification-fault.ts').matchAll(/'([a-z-]+)'/g);
    const listed = table.matchAll(/`([a-z-]+)`/g);

    expect([...listed].map(([, name = '']) => name).toSorted()).toEqual(
      [...declared].map(([, name = '']) => name).toSorted(),
    );
  });

  it('has a row for every kind of random fault, with its APIs', () => {
    const page = readPage('docs/testing.md');
    const [, table = ''] = /<!-- fault kinds -->(.*)<!-- \/fault kinds -->/s.exec(page) ?? [];

    const rows = [...table.matchAll(/^\| `([a-z-]+)` .*\| (both|v2|v3) +\|$/gm)].map(([, kind, api]) => [
      kind,
      api,
    ]);

    expect(rows).toEqual(Object.keys(FAULT_KINDS).map((kind) => [kind, apisOf(kind as MockFaultKind)]));
  });
});

function apisOf(kind: MockFaultKind): string {
  const subject = { isOpen: true, hasOther: true, pay: () => undefined };
  const canHave = (api: FaultTarget['api'], signType?: FaultTarget['signType']) =>
    ['order.query', 'order.close'].some((operation) => {
      const { applies } = FAULT_KINDS[kind];
      return applies === undefined || applies({ api, signType, operation, subject });
    });
  const [v2, v3] = [canHave('APIv2', 'HMAC-SHA256'), canHave('APIv3')];
  return v2 && v3 ? 'both' : v2 ? 'v2' : 'v3';
}
