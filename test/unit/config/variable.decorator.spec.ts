import { describe, expect, it } from '@jest/globals';
import { Variable, variablesOf } from '../../../lib/config/variable.decorator.js';

describe('variablesOf', () => {
  it('lists the described variables in order, and no others', () => {
    class Environment {
      @Variable({ meaning: 'first' })
      readonly FIRST?: string;

      @Variable({ meaning: 'second', required: true })
      readonly SECOND?: string;

      readonly OTHER?: string;
    }

    expect(variablesOf(Environment.prototype)).toEqual([
      { name: 'FIRST', meaning: 'first' },
      { name: 'SECOND', meaning: 'second', required: true },
    ]);
    expect(variablesOf({})).toEqual([]);
  });
});
