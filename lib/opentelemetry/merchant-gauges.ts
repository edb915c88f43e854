import type { BatchObservableCallback, Meter } from '@opentelemetry/api';
import type { WxPayMerchants } from '../index.js';
import { hostAttributes } from './attributes.js';

/**
 * Observes the health of each merchant when metrics are collected; no call is made for it.
 *
 * @returns ends the observation
 */
export function observeMerchants(meter: Meter, merchants: WxPayMerchants): () => void {
  const hostState = meter.createObservableGauge('wxpay.host.state', {
    description:
      '1 for the host on which calls begin, 0 for the other: main or backup; 0 for both once unregistered.',
  });
  const remaining = meter.createObservableGauge('wxpay.certificate.remaining', {
    unit: 's',
    description:
      'Time until the last certificate that is held expires; absent for the WeChat Pay public key.',
  });
  const skew = meter.createObservableGauge('wxpay.clock.skew', {
    unit: 's',
    description: "WeChat Pay's clock minus this machine's. Calls fail from 300 seconds on.",
  });
  const observed = new Set<string>();
  const observe: BatchObservableCallback = (result) => {
    const names = new Set(merchants.names());
    for (const name of names) {
      observed.add(name);
      const { isOnBackupHost, certificateExpiresAt, clockOffsetMs } = merchants.get(name).health();
      const labels = { 'wxpay.merchant': name };
      result.observe(hostState, isOnBackupHost ? 0 : 1, {
        ...labels,
        ...hostAttributes({ isBackup: false }),
      });
      result.observe(hostState, isOnBackupHost ? 1 : 0, { ...labels, ...hostAttributes({ isBackup: true }) });
      if (certificateExpiresAt !== undefined) {
        result.observe(remaining, (certificateExpiresAt.getTime() - Date.now()) / 1_000, labels);
      }
      if (clockOffsetMs !== undefined) result.observe(skew, clockOffsetMs / 1_000, labels);
    }
    // A cumulative exporter repeats the last value for ever. The time of a certificate stays: 0 would mean that it expired.
    for (const name of observed) {
      if (names.has(name)) continue;
      const labels = { 'wxpay.merchant': name };
      for (const isBackup of [false, true]) {
        result.observe(hostState, 0, { ...labels, ...hostAttributes({ isBackup }) });
      }
      result.observe(skew, 0, labels);
    }
  };
  const gauges = [hostState, remaining, skew];
  meter.addBatchObservableCallback(observe, gauges);
  return () => meter.removeBatchObservableCallback(observe, gauges);
}
