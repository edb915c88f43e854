import { OUT_TRADE_NO } from '../order-terms.js';
import { text } from './parameters.js';

export const outTradeNo = text(OUT_TRADE_NO);
export const transactionId = text(/^[0-9A-Za-z_-]{1,32}$/);
export const mchid = text(/^\d{1,32}$/);
export const appid = text(/^[0-9A-Za-z_-]{1,32}$/);
