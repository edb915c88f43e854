import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { inspect } from 'node:util';
import { variablesOf } from '../../../lib/config/variable.decorator.js';
import { WxPayEnvironment } from '../../../lib/config/wxpay-environment.js';
import { merchantKeys, refusalOf } from '../../support/complete-environment.js';

/** Every run of 8 characters; the BEGIN and END lines of a PEM file are no secret. */
function fragmentsOf(value: string): string[] {
  const secret = value.replace(/-----(BEGIN|END) PRIVATE KEY-----/g, '').trim();
  return Array.from({ length: Math.max(0, secret.length - 7) }, (_, start) => secret.slice(start, start + 8));
}

describe('secrets in the environment', () => {
  it('are in no error, whatever stands in their place', () => {
    const secrets = variablesOf(WxPayEnvironment.prototype).filter(({ secret }) => secret);
    const garbage = fc.oneof(
      fc.string({ unit: 'binary', minLength: 8 }),
      fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 200 }),
      fc.base64String({ minLength: 8, maxLength: 400 }),
      fc
        .uint8Array({ minLength: 8 })
        .map((bytes) => `-----BEGIN PRIVATE KEY-----\n${Buffer.from(bytes).toString('base64')}`),
      fc
        .nat({ max: merchantKeys.privatePem.length - 100 })
        .map((cut) => merchantKeys.privatePem.slice(cut + 60)),
      fc.nat({ max: 1000 }).map((cut) => Buffer.from(merchantKeys.privatePem).toString('base64').slice(cut)),
    );

    expect(secrets.map(({ name }) => name)).toEqual(['PRIVATE_KEY', 'API_V3_KEY']);
    fc.assert(
      fc.property(fc.constantFrom(...secrets), garbage, ({ name }, value) => {
        // A NUL cannot be part of an environment; less than 8 characters may be part of any sentence.
        fc.pre(!value.includes('\0') && value.trim().length >= 8);

        // Without a merchant number there is an error even where the secret is good.
        const error = refusalOf({ [`WXPAY_${name}`]: value, WXPAY_MCHID: undefined });

        // The stack frames are names from this code base: a garbage value may well equal one of them.
        const inspected = inspect(error).replace(/^\s+at .*$/gm, '');
        const shown = [...error.faults, error.message, JSON.stringify(error), inspected].join('\n');
        expect(fragmentsOf(value).filter((fragment) => shown.includes(fragment))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
