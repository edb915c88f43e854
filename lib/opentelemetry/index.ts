export type { WxPayTelemetryOptions } from './telemetry-options.js';
export { WxPayTelemetryModule } from './wxpay-telemetry.module.js';
