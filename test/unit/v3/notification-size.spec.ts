import { describe, expect, it } from '@jest/globals';
import { WxPayInputError } from 'nestjs-wxpay';
import { failureOf } from '../../support/failure-of.js';
import { shopReader, toShop } from '../../support/shop-notifications.js';

describe('a notification of APIv3', () => {
  it('with more than 64 KiB is not even verified', async () => {
    const { headers } = toShop();

    const error = await failureOf(
      WxPayInputError,
      shopReader().read({ headers, body: Buffer.alloc(65_537) }),
    );

    expect(error.message).toBe('body has 65537 bytes; no notification has more than 65536.');
  });
});
