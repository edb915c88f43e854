import { notifyUrl } from './notify-url.js';
import { patternMismatch } from './parameter-problems.js';
import {
  anyValue,
  appid,
  fields,
  mchid,
  optional,
  positiveInteger,
  type Reader,
  string,
} from './parameters.js';

/** Customer of a JSAPI order. */
export interface Payer {
  readonly openid: string;
}

/** Reads the payer of an order. */
export const payer: Reader<Payer> = fields<Payer>({ openid: string({ max: 128, pattern: /^[\w-]+$/ }) });

/** Order number of a new order; the rules are stricter than for queries. */
const newOutTradeNo = string({ min: 6, max: 32, pattern: new RegExp(String.raw`^[0-9a-zA-Z_\-\|\*]+$`) });
const rfc3339 = string({ max: 64, pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/ });

const expiryTime: Reader<string> = (value, place) => {
  const given = rfc3339(value, place);
  if (Number.isNaN(Date.parse(given))) throw patternMismatch(place, given);
  return given;
};

/**
 * Returns the parameters of every kind of order. Those with any value are not stored.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791856
 */
export function orderParameters(allowLocalNotifyUrl: boolean) {
  return {
    appid,
    mchid,
    description: string({ max: 127 }),
    out_trade_no: newOutTradeNo,
    notify_url: notifyUrl(allowLocalNotifyUrl),
    amount: fields({ total: positiveInteger, currency: optional(string({ max: 16, pattern: /^CNY$/ })) }),
    attach: optional(string({ max: 128 })),
    time_expire: optional(expiryTime),
    goods_tag: optional(string({ max: 32 })),
    support_fapiao: anyValue,
    detail: anyValue,
    scene_info: anyValue,
    settle_info: anyValue,
  };
}
