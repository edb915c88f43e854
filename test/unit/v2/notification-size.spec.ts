import { describe, expect, it } from '@jest/globals';
import { WxPayInputError, WxPayV2Signer } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { signV2Notification } from '../../support/signing/signed-notification.js';
import { KEY, readerWith } from '../../support/fixtures/v2-notifications.js';

/** Counts what it is asked to sign. */
class CountingSigner extends WxPayV2Signer {
  readonly signType = 'HMAC-SHA256';
  asked = 0;

  override sign(): Promise<string> {
    this.asked++;
    return Promise.resolve('0');
  }
}

const fieldsUpTo = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`field_${1_000 + i}`, '1']));

describe('V2NotificationReader', () => {
  it('accepts 200 fields', async () => {
    const body = signV2Notification(KEY, fieldsUpTo(184));

    await expect(readerWith().read({ headers: {}, body })).resolves.toMatchObject({ merchant: 'shop' });
    expect(body.toString().match(/<\/\w+>/g)).toHaveLength(200 + 1);
  });

  it.each([
    ['more than 200 fields', signV2Notification(KEY, fieldsUpTo(185)), 'it has more than 200 fields'],
    [
      'more than 64 KiB',
      signV2Notification(KEY, { attach: 'x'.repeat(65_536) }),
      'no notification has more than 65536',
    ],
  ])('refuses a notification with %s before hashing it', async (_, body, problem) => {
    const signer = new CountingSigner();

    const error = await failureOf(WxPayInputError, readerWith({ signer }).read({ headers: {}, body }));

    expect(error.field).toBe('body');
    expect(error.message).toContain(problem);
    expect(signer.asked).toBe(0);
  });
});
