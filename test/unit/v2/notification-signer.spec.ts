import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { WxPayTransportError, WxPayV2Signer } from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { signV2Notification } from '../../support/signing/signed-notification.js';
import { KEY, readerWith } from '../../support/fixtures/v2-notifications.js';

describe('a signer that verifies a notification of APIv2', () => {
  afterEach(() => void jest.useRealTimers());

  class OddSigner extends WxPayV2Signer {
    readonly signType = 'HMAC-SHA256';
    constructor(readonly sign: () => Promise<string>) {
      super();
    }
  }
  const genuine = { headers: {}, body: signV2Notification(KEY) };

  it('that fails leaves the question open, and names itself', async () => {
    const failing = readerWith({ signer: new OddSigner(() => Promise.reject(new Error('HSM is down'))) });

    const error = await failureOf(WxPayTransportError, failing.read(genuine));

    expect(error.message).toMatch(/The signer failed during notification of merchant "shop" \(HSM is down\)/);
  });

  it('that hangs does not hold the connection', async () => {
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
  ])('that hangs is given up before WeChat Pay is, with a timeout of %d ms', async (timeoutMs, afterMs) => {
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
