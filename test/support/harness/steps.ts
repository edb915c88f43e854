import type { CallContext } from '../../../lib/errors/call-context.js';
import { Deadline } from '../../../lib/transport/deadline.js';
import { Attempt } from '../../../lib/transport/retry/attempt.js';

export const CALL: CallContext = { operation: 'order.query', subject: 'order T1', merchant: 'default' };

/** An attempt whose time does not end and that sends nothing, for what is done before and after. */
export function localAttempt(): Attempt {
  const deadline = new Deadline(60_000);
  deadline.stop();
  const httpClient = {
    send: () => Promise.reject(new Error('Nothing is sent.')),
    open: () => Promise.reject(new Error('Nothing is sent.')),
    close: () => undefined,
  };
  return new Attempt(
    { call: CALL, deadline },
    { httpClient, maxReplyBytes: 1_000, userAgent: 'test' },
    {
      host: 'https://api.mch.weixin.qq.com',
      startedAt: 0,
      timeoutMs: undefined,
      isUnlimitedOnceSent: false,
      minSilenceMs: 300,
      sentBefore: false,
    },
  );
}
