import { jest } from '@jest/globals';
import { settle, type Settlement } from '../../../lib/domain/flows/settle.js';
import type { SettleOptions } from '../../../lib/domain/options.js';
import type { OrderModel } from '../models/order-model.js';

/** Noon of the day on which orders are settled. */
export const NOW = Date.parse('2026-06-01T12:00:00Z');

/** Settles the order T1 within a minute of fake timers. */
export async function settleInVirtualTime(
  model: OrderModel,
  options: SettleOptions = {},
): Promise<Settlement> {
  const running = settle(model, { outTradeNo: 'T1' }, options, () => NOW);
  running.catch(() => undefined);
  await jest.advanceTimersByTimeAsync(60_000);
  return running;
}
