import type { CallContext } from '../errors/call-context.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { verificationFailureChannel } from './channels.js';
import type { VerificationFailureEvent } from './events.js';

/** Publishes a {@link VerificationFailureEvent} if the error is one, and the channel has subscribers. */
export function publishVerificationFailure(
  error: unknown,
  { merchant, operation }: Pick<CallContext, 'merchant' | 'operation'>,
): void {
  if (!verificationFailureChannel.hasSubscribers || !(error instanceof WxPaySignatureError)) return;
  const { reason, clockOffsetMs } = error;
  verificationFailureChannel.publish({
    merchant,
    operation,
    reason,
    clockOffsetMs,
  } satisfies VerificationFailureEvent);
}
