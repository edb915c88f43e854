import { HmacSha256Signer } from 'nestjs-wxpay';
import { V2NotificationReader, type V2NotificationReaderOptions } from '../../lib/v2/notification-reader.js';

export const KEY = '192006250b4c09247ec02edce69f6a2d';
/** Five seconds after the payment. */
export const NOW = Date.parse('2026-06-01T12:00:05Z');

/** A reader of the merchant "shop", whose key it is. */
export function readerWith(overrides: Partial<V2NotificationReaderOptions> = {}): V2NotificationReader {
  return new V2NotificationReader({
    merchant: 'shop',
    mchid: '1900000001',
    signer: new HmacSha256Signer({ key: KEY }),
    now: () => NOW,
    limits: { timeoutMs: 4_500, maxBytes: 1_048_576 },
    ...overrides,
  });
}
