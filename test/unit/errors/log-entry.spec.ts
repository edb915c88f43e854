import { describe, expect, it } from '@jest/globals';
import { inspect } from 'node:util';
import { LogEntry } from '../../../lib/errors/log-entry.js';

const entry = () =>
  new LogEntry('The query failed.', { merchant: 'eu', status: 503, kind: undefined, isBusy: true });

describe('LogEntry', () => {
  it('reads as one sentence with the merchant', () => {
    expect(String(entry())).toBe('[eu] The query failed.');
    expect(inspect(entry())).toBe('[eu] The query failed.');
    expect(inspect({ message: entry() })).toBe('{ message: [eu] The query failed. }');
  });

  it('has its fields for JSON and for copies, without undefined ones', () => {
    const fields = { message: 'The query failed.', merchant: 'eu', status: 503, isBusy: true };

    expect(JSON.parse(JSON.stringify(entry()))).toEqual(fields);
    expect(Object.assign({}, entry())).toEqual(fields);
  });

  it('shows a stack below the sentence, and has it as a field', () => {
    const failed = new LogEntry('It failed.', { stack: 'Error: x\n    at y' });

    expect(String(failed)).toBe('It failed.\nError: x\n    at y');
    expect(Object.assign({}, failed)).toEqual({ message: 'It failed.', stack: 'Error: x\n    at y' });
  });
});
