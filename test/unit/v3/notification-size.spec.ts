import { describe, expect, it } from '@jest/globals';
import { WxPayInputError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { shopReader, toShop } from '../../support/harness/shop-notifications.js';

describe('V3NotificationReader', () => {
  it('refuses more than 256 KiB before verifying it', async () => {
    const { headers } = toShop();

    const error = await failureOf(
      WxPayInputError,
      shopReader().read({ headers, body: Buffer.alloc(262_145) }),
    );

    expect(error.message).toBe('body has 262145 bytes; no notification has more than 262144.');
  });
});
