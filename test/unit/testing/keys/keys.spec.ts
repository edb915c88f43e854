import { describe, expect, it } from '@jest/globals';
import { createPublicKey } from 'node:crypto';
import { WxPayConfigError } from 'nestjs-wxpay';
import { createKeyRing } from '../../../../lib/testing/keys/keys.js';
import { failureOf } from '../../../support/assertions/failure-of.js';
import { rsaKeys } from '../../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();

describe('createKeyRing', () => {
  it('generates a separate key pair for each side', async () => {
    const { merchant } = await createKeyRing();

    const merchantPublicKey = createPublicKey(merchant.merchantPrivateKey).export({
      format: 'pem',
      type: 'spki',
    });

    expect(merchantPublicKey).not.toBe(merchant.platformPublicKey);
  });

  it('generates missing keys only', async () => {
    const { merchant } = await createKeyRing({
      merchantPrivateKey: keys.privatePem,
      publicKeyId: 'PUB_KEY_ID_1',
    });

    expect(merchant).toMatchObject({
      merchantPrivateKey: keys.privatePem,
      publicKeyId: 'PUB_KEY_ID_1',
      apiV3Key: expect.stringMatching(/^.{32}$/),
    });
  });

  it('lists every invalid key', async () => {
    const error = await failureOf(
      WxPayConfigError,
      createKeyRing({ merchantPrivateKey: 'a key', platformPrivateKey: keys.publicPem }),
    );

    expect(error.faults).toEqual([
      expect.stringMatching(/^keys\.merchantPrivateKey is not PEM/),
      expect.stringMatching(/^keys\.platformPrivateKey starts with a public key header/),
    ]);
  });
});
