import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { inspect } from 'node:util';
import { variablesOf } from '../../../lib/config/variable.decorator.js';
import { WxPayEnvironment } from '../../../lib/config/wxpay-environment.js';
import { WxPayV2Environment } from '../../../lib/config/wxpay-v2-environment.js';
import { WxPayV3Environment } from '../../../lib/config/wxpay-v3-environment.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { merchantKeys, refusalOf, v2RefusalOf } from '../../support/fixtures/complete-environment.js';

const certificatePem = await certificateFor(merchantKeys);

/** The secrets of each API, and what an environment without a merchant number is refused with. */
const APIS = [
  { names: secretsOf(WxPayEnvironment, WxPayV3Environment), refusal: refusalOf },
  {
    names: secretsOf(WxPayEnvironment, WxPayV2Environment),
    // Without a certificate nobody reads the private key.
    refusal: (changes: NodeJS.ProcessEnv) => v2RefusalOf({ WXPAY_CLIENT_CERT: certificatePem, ...changes }),
  },
];

function secretsOf(...types: readonly (new () => object)[]): string[] {
  return types
    .flatMap((type) => variablesOf(type.prototype as object))
    .filter(({ secret }) => secret)
    .map(({ name }) => name);
}

/** Every run of 8 characters; the BEGIN and END lines of a PEM file are no secret. */
function fragmentsOf(value: string): string[] {
  const secret = value.replace(/-----(BEGIN|END) PRIVATE KEY-----/g, '').trim();
  return Array.from({ length: Math.max(0, secret.length - 7) }, (_, start) => secret.slice(start, start + 8));
}

describe('loadOptions with secrets in the environment', () => {
  it('keeps them out of every error, also in the wrong variable', () => {
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

    const secrets = APIS.flatMap(({ names, refusal }) => names.map((name) => ({ name, refusal })));

    expect(secrets.map(({ name }) => name)).toEqual([
      'PRIVATE_KEY',
      'API_V3_KEY',
      'PRIVATE_KEY',
      'API_V2_KEY',
    ]);
    fc.assert(
      fc.property(fc.constantFrom(...secrets), garbage, ({ name, refusal }, value) => {
        // A NUL cannot be part of an environment; less than 8 characters may be part of any sentence.
        fc.pre(!value.includes('\0') && value.trim().length >= 8);

        // Without a merchant number there is an error even where the secret is good.
        const error = refusal({ [`WXPAY_${name}`]: value, WXPAY_MCHID: undefined });

        // The stack frames are names from this code base: a garbage value may well equal one of them.
        const inspected = inspect(error).replace(/^\s+at .*$/gm, '');
        const shown = [...error.faults, error.message, JSON.stringify(error), inspected].join('\n');
        expect(fragmentsOf(value).filter((fragment) => shown.includes(fragment))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});
