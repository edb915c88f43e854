export { defineWxPayConfig, type WxPayConfigOptions } from './define-wxpay-config.js';
export type { SignerFactory } from './own-options.js';
