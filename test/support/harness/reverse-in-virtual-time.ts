import { jest } from '@jest/globals';
import { reverse, type Reversal } from '../../../lib/domain/flows/reverse.js';
import type { ReverseOptions } from '../../../lib/domain/options.js';
import { NOW, type ScriptedReversals } from '../models/scripted-reversals.js';

/** Reverses the order T1 within a minute of fake timers. */
export async function reverseInVirtualTime(
  gateway: ScriptedReversals,
  options: ReverseOptions = {},
): Promise<Reversal> {
  const running = reverse(gateway, { outTradeNo: 'T1' }, options, () => NOW);
  running.catch(() => undefined);
  await jest.advanceTimersByTimeAsync(60_000);
  return running;
}
