import type { MeterProvider, TracerProvider } from '@opentelemetry/api';

/** Options of `WxPayTelemetryModule`. */
export interface WxPayTelemetryOptions {
  /** Provider of the tracer; default: the global one, which may be registered later. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Provider of the meter; default: the global one, which has to be registered before the app starts. */
  readonly meterProvider?: MeterProvider | undefined;
  /** True to add the merchant order number to spans as `wxpay.out_trade_no`; default false. Metrics never have it. */
  readonly includeOrderNumber?: boolean | undefined;
}
