import { jest } from '@jest/globals';
import type { CodePayment } from '../../../lib/domain/flows/code-pay-findings.js';
import { payByCode } from '../../../lib/domain/flows/pay-by-code.js';
import type { CodePayOptions } from '../../../lib/domain/options.js';
import type { CodePayModel } from '../models/code-pay-model.js';

export const PAYMENT = {
  outTradeNo: 'T1',
  description: 'coffee',
  amount: { total: 100 },
  appid: 'wx8888888888888888',
  authCode: '130000000000000000',
};

/** Charges the customer of the order T1 within two minutes of fake timers. */
export async function payInVirtualTime(
  model: CodePayModel,
  options: CodePayOptions = {},
): Promise<CodePayment> {
  const running = payByCode(model, PAYMENT, options);
  running.catch(() => undefined);
  await jest.advanceTimersByTimeAsync(120_000);
  return running;
}
