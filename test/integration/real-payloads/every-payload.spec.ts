import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PAYLOAD_KINDS, readPayloads } from '../../support/fixtures/real-payloads.js';

const kinds = Object.values(PAYLOAD_KINDS).flat();
const payloads = kinds.flatMap((kind) => readPayloads(kind).map((payload) => ({ ...payload, kind })));

describe('the real payloads', () => {
  it('number 212', () => {
    expect(payloads).toHaveLength(212);
  });

  it('belong each to a kind that a spec reads', () => {
    const files = readdirSync('test/vectors/payloads').filter((file) => file.endsWith('.json'));

    expect(files.toSorted()).toEqual(kinds.map((kind) => `${kind}.json`).toSorted());
  });

  it('have unique names within their kind, and a source', () => {
    const names = new Set(payloads.map(({ kind, name }) => `${kind}/${name}`));

    expect(names.size).toBe(payloads.length);
    expect(payloads.filter(({ source }) => source.length === 0)).toEqual([]);
  });
});
