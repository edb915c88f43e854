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

  it('keeps line ends, escapes and text directions out of the sentence and of every field', () => {
    const forged = 'eu\n[Nest] 1 - ERROR forged\u001B[31m\u2028\u202E';

    const failed = new LogEntry(`Job ${forged} failed.`, { merchant: forged, jobId: forged, key: forged });

    const shown = [String(failed), inspect(failed), ...Object.values(failed).map(String)];
    expect(shown).toHaveLength(6);
    expect(shown.filter((text) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text))).toEqual([]);
  });

  it('has a line for each part of a list', () => {
    expect(String(new LogEntry(['2 faults:', '- x\n- y'], {}))).toBe('2 faults:\n- x - y');
  });

  it('keeps the line ends of a stack, and nothing else that a terminal obeys', () => {
    const failed = new LogEntry('It failed.', { stack: 'Error: x\n    at \u001B[31my\r\u202E' });

    expect(Object.assign({}, failed)).toEqual({ message: 'It failed.', stack: 'Error: x\n    at  [31my ' });
  });

  it('shows a stack below the sentence, and has it as a field', () => {
    const failed = new LogEntry('It failed.', { stack: 'Error: x\n    at y' });

    expect(String(failed)).toBe('It failed.\nError: x\n    at y');
    expect(Object.assign({}, failed)).toEqual({ message: 'It failed.', stack: 'Error: x\n    at y' });
  });
});
