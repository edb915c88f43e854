import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { inspect } from 'node:util';
import { Aes } from 'wechatpay-axios-plugin';
import {
  decryptAesGcm,
  readApiV3Key,
  DecryptionError,
  type EncryptedData,
} from '../../../lib/crypto/aes-gcm.js';
import { InvalidKeyError } from '../../../lib/crypto/pem.js';
import { readEncryptionSamples } from '../../support/fixtures/encryption-samples.js';
import { flip } from '../../support/signing/flip.js';

const API_V3_KEY = 'abcdefghijklmnopqrstuvwxyz012345';
const key = readApiV3Key(API_V3_KEY);
const PLAINTEXT = '{"trade_state":"SUCCESS","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}';

/** Encrypted by another client. */
function seal(
  plaintext: string,
  { nonce = 'nonce-of-12b', associatedData = 'transaction' } = {},
): EncryptedData {
  return {
    nonce,
    associatedData,
    ciphertext: Aes.AesGcm.encrypt(plaintext, API_V3_KEY, nonce, associatedData),
  };
}

function refusalOf(sealed: EncryptedData, apiV3Key = key): DecryptionError {
  try {
    decryptAesGcm(apiV3Key, sealed);
  } catch (error) {
    if (error instanceof DecryptionError) return error;
    throw error;
  }
  throw new Error('The text was accepted.');
}

describe('decryptAesGcm', () => {
  it.each(readEncryptionSamples().texts)('decrypts $ciphertext of $source', (sample) => {
    const opened = decryptAesGcm(readApiV3Key(sample.key), sample);

    expect(opened.toString()).toBe(sample.plaintext);
  });

  it('decrypts the ciphertexts of another client', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 300 });
    const nonces = fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 16 });

    fc.assert(
      fc.property(anyText, nonces, anyText, (plaintext, nonce, associatedData) => {
        const opened = decryptAesGcm(key, seal(plaintext, { nonce, associatedData }));

        expect(opened.equals(Buffer.from(plaintext))).toBe(true);
      }),
    );
  });

  it('rejects a ciphertext or tag with any bit flipped', () => {
    const sealed = seal(PLAINTEXT);
    const bytes = Buffer.from(sealed.ciphertext, 'base64');

    const refusals = Array.from({ length: bytes.length * 8 }, (_, bit) =>
      refusalOf({ ...sealed, ciphertext: flip(bytes, bit).toString('base64') }),
    );

    expect(refusals).toHaveLength((PLAINTEXT.length + 16) * 8);
  });

  it('rejects a different nonce and different associated data', () => {
    const sealed = seal(PLAINTEXT);
    const others = fc.string({ unit: 'grapheme-ascii', minLength: 12, maxLength: 16 });

    fc.assert(
      fc.property(others, (other) => {
        fc.pre(other !== sealed.nonce && other !== sealed.associatedData);

        refusalOf({ ...sealed, nonce: other });
        refusalOf({ ...sealed, associatedData: other });
      }),
    );
    refusalOf({ ...sealed, associatedData: '' });
  });

  it('names the key as the likely cause if it is the wrong one', () => {
    const error = refusalOf(seal(PLAINTEXT), readApiV3Key('0'.repeat(32)));

    expect(error).toMatchObject({
      likelyCause: 'key',
      message: expect.stringMatching(
        /^cannot be decrypted with this APIv3 key\. It is most likely not the one/,
      ),
    });
  });

  it('names the associated data as the likely cause if the key is right', () => {
    const error = refusalOf({ ...seal(PLAINTEXT), associatedData: 'certificate' });

    expect(error).toMatchObject({
      likelyCause: 'ciphertext',
      message: expect.stringContaining(
        'its associated data is not what it was encrypted with; the APIv3 key itself fits',
      ),
    });
  });

  it.each([
    ['no text', '', /is cut off: 0 bytes are less than the tag/],
    ['less than a tag', Buffer.alloc(15).toString('base64'), /is cut off: 15 bytes/],
    ['what is not base64', '!!!!', /is not base64/],
    ['base64 with something added', `${seal(PLAINTEXT).ciphertext}\n`, /is not base64/],
    ['base64 of URLs', Buffer.alloc(40, 0xff).toString('base64url'), /is not base64/],
  ])('refuses %s', (_, ciphertext, message) => {
    const error = refusalOf({ ...seal(PLAINTEXT), ciphertext });

    expect(error.likelyCause).toBe('ciphertext');
    expect(error.message).toMatch(message);
  });

  it.each(['', 'eleven-byte', 'seventeen-bytes-x'])('refuses the nonce %j', (nonce) => {
    const error = refusalOf({ ...seal(PLAINTEXT), nonce });

    expect(error.likelyCause).toBe('ciphertext');
    expect(error.message).toBe(`has a nonce of ${nonce.length} bytes, not 12 to 16`);
  });

  it('keeps the ciphertext out of the error', () => {
    const errors = [
      refusalOf({ ...seal(PLAINTEXT), associatedData: 'x' }),
      refusalOf(seal(PLAINTEXT), readApiV3Key('0'.repeat(32))),
    ];

    for (const error of errors) expect(inspect(error)).not.toMatch(/SUCCESS|oUpF8|abcdefgh|0000/);
  });
});

describe('readApiV3Key', () => {
  it('accepts any 32 bytes', () => {
    expect(readApiV3Key(API_V3_KEY).symmetricKeySize).toBe(32);
    expect(readApiV3Key('密'.repeat(10) + 'ab').symmetricKeySize).toBe(32);
  });

  it.each([
    ['k'.repeat(31), 31],
    ['k'.repeat(33), 33],
    ['密'.repeat(32), 96],
    ['', 0],
    [undefined, 0],
    [Buffer.alloc(32), 0],
  ])('refuses %p', (text, bytes) => {
    const read = () => readApiV3Key(text as string);

    expect(read).toThrow(InvalidKeyError);
    expect(read).toThrow(
      `must be exactly 32 bytes, not ${bytes}. Copy the APIv3 key that was set in the merchant console.`,
    );
  });

  it('keeps the key out of logs', () => {
    expect(inspect(key, { showHidden: true, depth: 9 })).not.toContain('abcdef');
    expect(JSON.stringify(key)).toBe('{}');
  });
});
