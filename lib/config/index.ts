export { defineWxPayConfig, type WxPayConfigOptions } from './define-wxpay-config.js';
