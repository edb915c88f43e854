import { diag } from '@opentelemetry/api';

/**
 * Reports an error of the SDK, for example of a span processor, to the diagnostics of OpenTelemetry. Thrown on a channel, it would
 * end the process.
 */
export function reportFailure(error: unknown): void {
  diag.error('nestjs-wxpay: a span or a metric was lost, because the SDK threw an error.', error);
}
