import { describe, expect, it } from '@jest/globals';
import { Faults } from '../../../lib/config/faults.js';

describe('Faults', () => {
  const faults = new Faults({ env: {}, prefix: 'WXPAY_', known: new Set() });
  const bug = new TypeError('not a fault of the configuration');
  const fail = () => {
    throw bug;
  };

  it('throws errors that are no faults of options', () => {
    expect(() => faults.attempt(fail, {})).toThrow(bug);
    expect(faults.list()).toEqual([]);
  });

  it('throws errors that are no faults of keys', () => {
    expect(() => faults.readOrReport(fail, 'PRIVATE_KEY')).toThrow(bug);
    expect(faults.list()).toEqual([]);
  });
});
