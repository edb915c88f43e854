import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { WxPayTransportError, WxPayV2Signer } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { signV2Notification } from '../../support/signing/signed-notification.js';
import { KEY, readerWith } from '../../support/fixtures/v2-notifications.js';

describe('V2NotificationReader, with a signer of the app', () => {
  afterEach(() => void jest.useRealTimers());

  class OddSigner extends WxPayV2Signer {
    readonly signType = 'HMAC-SHA256';
    constructor(readonly sign: () => Promise<string>) {
      super();
    }
  }
  const genuine = { headers: {}, body: signV2Notification(KEY) };

  it('reports a failed signer as "could not be verified", and names it', async () => {
    const failing = readerWith({ signer: new OddSigner(() => Promise.reject(new Error('HSM is down'))) });

    const error = await failureOf(WxPayTransportError, failing.read(genuine));

    expect(error.message).toMatch(/The signer failed during notification of merchant "shop" \(HSM is down\)/);
  });

  it('ends with its own time limit when the signer hangs', async () => {
    const hanging = readerWith({
      signer: new OddSigner(() => new Promise(() => undefined)),
      limits: { timeoutMs: 20, maxBytes: 1_048_576 },
    });

    const error = await failureOf(WxPayTransportError, hanging.read(genuine));

    expect(error).toMatchObject({ timedOut: true });
  });

  it.each([
    [10_000, 4_500],
    [4_400, 4_400],
  ])('ends before WeChat Pay stops waiting, with a timeout of %d ms', async (timeoutMs, afterMs) => {
    jest.useFakeTimers();
    const hanging = readerWith({
      signer: new OddSigner(() => new Promise(() => undefined)),
      limits: { timeoutMs, maxBytes: 1_048_576 },
    });

    const failing = failureOf(WxPayTransportError, hanging.read(genuine));
    await jest.advanceTimersByTimeAsync(afterMs);

    expect((await failing).message).toContain(`could not be checked within ${afterMs} ms`);
  });
});
