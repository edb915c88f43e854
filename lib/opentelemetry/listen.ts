import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  WXPAY_CALL_CHANNEL,
  WXPAY_CHANNELS,
  type AttemptEvent,
  type CallEvent,
  type LostCompletionEvent,
  type NotificationEvent,
  type SettlementEvent,
  type VerificationFailureEvent,
} from '../index.js';
import { reportFailure } from './report-failure.js';

/** Channels that this entry listens to, and their events. */
interface ListenedEvents {
  readonly callEnd: CallEvent;
  readonly attempt: AttemptEvent;
  readonly verificationFailure: VerificationFailureEvent;
  readonly notification: NotificationEvent;
  readonly settlement: SettlementEvent;
  readonly lostCompletion: LostCompletionEvent;
}

const CHANNELS: Readonly<Record<keyof ListenedEvents, string>> = {
  ...WXPAY_CHANNELS,
  callEnd: `tracing:${WXPAY_CALL_CHANNEL}:asyncEnd`,
};

/**
 * Listens to a channel of this package. Errors of `receive` are reported, not thrown.
 *
 * @returns ends the subscription
 */
export function listen<Name extends keyof ListenedEvents>(
  name: Name,
  receive: (event: ListenedEvents[Name]) => void,
): () => void {
  // The core publishes nothing else to this channel.
  const listener = (event: unknown): void => {
    try {
      receive(event as ListenedEvents[Name]);
    } catch (error) {
      reportFailure(error);
    }
  };
  subscribe(CHANNELS[name], listener);
  return () => void unsubscribe(CHANNELS[name], listener);
}
