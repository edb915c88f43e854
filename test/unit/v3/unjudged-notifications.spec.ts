import { describe, expect, it } from '@jest/globals';
import { WxPayConfigError, WxPayProtocolError, WxPaySignatureError, WxPayTransportError } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { shopReader, toShop } from '../../support/harness/shop-notifications.js';

describe('V3NotificationReader, when its verifier fails', () => {
  const failing = (failure: Error) =>
    shopReader({
      verifier: {
        acceptedSerialNo: async () => undefined,
        verify: async () => {
          throw failure;
        },
      },
    });

  it.each([
    ['could not be verified itself', new WxPaySignatureError('mismatch', 'The list could not be verified.')],
    ['could not be read', new WxPayProtocolError('$.data', 'The list is no list.')],
    [
      'could not be had',
      new WxPaySignatureError('unknown-serial', 'The list was refused.', { cause: new Error('refused') }),
    ],
  ])('reports the cause, and that WeChat Pay sends it again, if the list %s', async (_, cause) => {
    const error = await failureOf(WxPayTransportError, failing(cause).read(toShop()));

    expect(error).toMatchObject({ merchant: 'shop', cause: { message: cause.message } });
    expect(error.message).toBe(
      `A notification to merchant "shop" could not be checked, so WeChat Pay sends it again: ${cause.message}`,
    );
  });

  it.each([
    ['could not be reached', new WxPayTransportError('WeChat Pay could not be reached.')],
    ['is not configured', new WxPayConfigError(['The key is missing.'])],
  ])('passes on the error of a verifier that %s', async (_, error) => {
    await expect(failing(error).read(toShop())).rejects.toBe(error);
  });

  it('refuses a notification with an unknown key', async () => {
    const reading = failing(new WxPaySignatureError('unknown-serial')).read(toShop());

    await expect(reading).rejects.toMatchObject({ name: 'WxPaySignatureError', reason: 'unknown-serial' });
  });
});
