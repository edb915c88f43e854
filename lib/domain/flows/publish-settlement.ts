import { settlementChannel } from '../../telemetry/channels.js';
import type { SettlementEvent } from '../../telemetry/events.js';
import type { CloseOrderRef } from '../order-ref.js';

/** Outcome of one settlement attempt, including `too-young` and `unresolved`. */
export interface SettlementReport {
  /** The registered name of the merchant. */
  readonly merchant: string;
  readonly ref: CloseOrderRef;
  readonly outcome: SettlementEvent['outcome'];
  readonly expiresAt?: Date | undefined;
}

/**
 * Publishes a {@link SettlementEvent} if the channel has subscribers.
 *
 * @param now milliseconds since the epoch
 */
export function publishSettlement(
  { merchant, ref, outcome, expiresAt }: SettlementReport,
  now: () => number,
): void {
  if (!settlementChannel.hasSubscribers) return;
  const { outTradeNo, subMchid } = ref;
  const isSettled = outcome !== 'too-young' && outcome !== 'unresolved';
  const lateness = isSettled && expiresAt !== undefined ? now() - expiresAt.getTime() : -1;
  settlementChannel.publish({
    merchant,
    outTradeNo,
    subMchid,
    outcome,
    latenessMs: lateness >= 0 ? lateness : undefined,
  } satisfies SettlementEvent);
}
