export { WxPayHealthIndicator } from './wxpay.health.js';
export type { WxPayHealthOptions } from './options.js';
export type { WxPayHealthReason } from './finding.js';
