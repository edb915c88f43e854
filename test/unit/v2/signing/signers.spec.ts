import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inspect } from 'node:util';
import { Hash } from 'wechatpay-axios-plugin';
import { WxPayConfigError } from '../../../../lib/errors/wxpay-config-error.js';
import { HmacSha256Signer } from '../../../../lib/v2/signing/hmac-sha256-signer.js';
import { Md5Signer } from '../../../../lib/v2/signing/md5-signer.js';
import { WxPayV2Signer } from '../../../../lib/v2/signing/signer.js';
import { readV2SignatureSample } from '../../../support/fixtures/v2-samples.js';

const sample = readV2SignatureSample();
const name = fc.stringMatching(/^[a-z_]{1,8}$/).filter((each) => each !== 'sign');
const fieldMaps = fc.dictionary(name, fc.string({ unit: 'grapheme', minLength: 1 }), { minKeys: 1 });

describe.each([
  ['HmacSha256Signer', HmacSha256Signer, 'HMAC-SHA256', /^[0-9A-F]{64}$/],
  ['Md5Signer', Md5Signer, 'MD5', /^[0-9A-F]{32}$/],
] as const)('%s', (_, Signer, signType, form) => {
  const signer = new Signer({ key: sample.key });

  it('reproduces the official sample', async () => {
    expect(signer).toBeInstanceOf(WxPayV2Signer);
    expect(signer.signType).toBe(signType);
    expect(await signer.sign(sample.fields)).toBe(sample.signatures[signType]);
  });

  it('agrees with another implementation on any fields', async () => {
    await fc.assert(
      fc.asyncProperty(fieldMaps, async (fields) => {
        const signature = await signer.sign(fields);

        expect(signature).toMatch(form);
        expect(signature).toBe(Hash.sign(signType, fields, sample.key));
      }),
    );
  });

  it('agrees with it for empty fields and names of any case in any order', async () => {
    const names = fc.stringMatching(/^[A-Za-z_]\w{0,8}$/).filter((each) => each !== '__proto__');
    const pairs = fc.array(fc.tuple(names, fc.oneof(fc.constant(''), fc.string({ unit: 'binary' }))));

    await fc.assert(
      fc.asyncProperty(pairs, async (given) => {
        const fields = Object.fromEntries(given);

        expect(await signer.sign(fields)).toBe(Hash.sign(signType, fields, sample.key));
      }),
    );
  });

  it('returns another signature if a field changes, is added or is removed', async () => {
    await fc.assert(
      fc.asyncProperty(fieldMaps, fc.nat(), fc.string({ minLength: 1 }), async (fields, index, value) => {
        const names = Object.keys(fields);
        const changed = names[index % names.length] ?? '';
        const { [changed]: old, ...fewer } = fields;
        const signature = await signer.sign(fields);

        if (old !== value) expect(await signer.sign({ ...fields, [changed]: value })).not.toBe(signature);
        expect(await signer.sign(fewer)).not.toBe(signature);
        expect(await signer.sign({ ...fields, Added: value })).not.toBe(signature);
      }),
    );
  });

  it('ignores an existing signature and empty fields', async () => {
    const fields = { ...sample.fields, sign: 'old', attach: '' };

    expect(await signer.sign(fields)).toBe(sample.signatures[signType]);
  });

  it.each([
    ['too short', 'k'.repeat(31), 'has 31 bytes'],
    ['too long', 'k'.repeat(33), 'has 33 bytes'],
    ['of 32 characters but more bytes', 'é'.repeat(32), 'has 64 bytes'],
    ['absent', undefined, 'is of type undefined'],
  ])('refuses a key that is %s, without showing it', (_case, key, given) => {
    const construct = () => new Signer({ key: key as string });

    expect(construct).toThrow(WxPayConfigError);
    expect(construct).toThrow(
      `key must be the APIv2 key, 32 bytes long, as set in the merchant console; the given value ${given}.`,
    );
  });

  it.each([undefined, null])('names the key if its options are %s', (options) => {
    const construct = () => new Signer(options as never);

    expect(construct).toThrow(WxPayConfigError);
    expect(construct).toThrow('key must be the APIv2 key');
  });

  it('does not show its key', () => {
    const shown = [JSON.stringify(signer), inspect(signer, { showHidden: true, depth: 9 })];

    expect(shown.join()).not.toContain(sample.key);
    expect(Object.values(signer)).not.toContain(sample.key);
  });
});

describe('HmacSha256Signer', () => {
  it('also appends the key to the text', async () => {
    const signature = await new HmacSha256Signer({ key: sample.key }).sign(sample.fields);

    expect(signature).not.toBe(sample.hmacWithoutKeySuffix);
  });
});
