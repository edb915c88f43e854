import { text } from './parameters.js';

/** An order number that is asked about. No lower bound is proven for those. */
export const outTradeNo = text({ max: 32, pattern: /^[0-9a-zA-Z_\-|*@]+$/ });
export const transactionId = text({ max: 32, pattern: /^[0-9A-Za-z_-]+$/ });
export const mchid = text({ max: 32, pattern: /^\d+$/ });
export const appid = text({ max: 32, pattern: /^[0-9A-Za-z_-]+$/ });
