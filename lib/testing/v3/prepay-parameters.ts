import { notifyUrl } from './notify-url.js';
import { unmatched } from './parameter-problems.js';
import { anything, appid, fields, mchid, optional, positive, type Reader, text } from './parameters.js';

/** The customer who pays, as JSAPI orders name one. */
export interface Payer {
  readonly openid: string;
}

/** Reads the payer of an order. */
export const payer: Reader<Payer> = fields<Payer>({ openid: text({ max: 128, pattern: /^[\w-]+$/ }) });

/** A number for a new order: more is asked of it than of one that is asked about. */
const newOutTradeNo = text({ min: 6, max: 32, pattern: new RegExp(String.raw`^[0-9a-zA-Z_\-\|\*]+$`) });
const rfc3339 = text({ max: 64, pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/ });

const time: Reader<string> = (value, place) => {
  const given = rfc3339(value, place);
  if (Number.isNaN(Date.parse(given))) throw unmatched(place, given);
  return given;
};

/**
 * The parameters that every order has, whichever way it is placed. Nothing is kept of those that may be anything.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791856
 */
export function orderFields(allowLocalNotifyUrl: boolean) {
  return {
    appid,
    mchid,
    description: text({ max: 127 }),
    out_trade_no: newOutTradeNo,
    notify_url: notifyUrl(allowLocalNotifyUrl),
    amount: fields({ total: positive, currency: optional(text({ max: 16, pattern: /^CNY$/ })) }),
    attach: optional(text({ max: 128 })),
    time_expire: optional(time),
    goods_tag: optional(text({ max: 32 })),
    support_fapiao: anything,
    detail: anything,
    scene_info: anything,
    settle_info: anything,
  };
}
