import { notifyUrl } from './notify-url.js';
import { missingParameter, patternMismatch } from './parameter-problems.js';
import {
  appid,
  boolean,
  fields,
  list,
  mchid,
  nonNegativeInteger,
  optional,
  positiveInteger,
  type Reader,
  string,
  text,
} from './parameters.js';

/** Customer of an order of a direct merchant. */
export interface Payer {
  readonly openid: string;
}

/** Customer of an order of a service provider, with an openid of either appid. */
export interface PartnerPayer {
  readonly sp_openid?: string | undefined;
  readonly sub_openid?: string | undefined;
}

const openid = string({ max: 128, pattern: /^[\w-]+$/ });

/** Reads the payer of an order of a direct merchant. */
export const payer: Reader<Payer> = fields<Payer>({ openid });

const eitherOpenid = fields<PartnerPayer>({ sp_openid: optional(openid), sub_openid: optional(openid) });

/** Reads the payer of an order of a service provider. */
export const partnerPayer: Reader<PartnerPayer> = (value, place) => {
  const given = eitherOpenid(value, place);
  if (given.sp_openid === undefined && given.sub_openid === undefined) {
    throw missingParameter({ ...place, pointer: `${place.pointer}/sp_openid` });
  }
  return given;
};

/** Order number of a new order; the rules are stricter than for queries. */
export const newOutTradeNo = string({
  min: 6,
  max: 32,
  pattern: new RegExp(String.raw`^[0-9a-zA-Z_\-\|\*]+$`),
});
const rfc3339 = string({ max: 64, pattern: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/ });

export const expiryTime: Reader<string> = (value, place) => {
  const given = rfc3339(value, place);
  if (Number.isNaN(Date.parse(given))) throw patternMismatch(place, given);
  return given;
};

export const currency = string({ max: 16, pattern: /^CNY$/ });
export const clientIp = string({ max: 45, pattern: /^(?=.*[.:])[0-9A-Fa-f.:]+$/ });

/** Reads the kinds of payment that an order excludes or requires. */
export const limitPay = list(string({ max: 32, pattern: /^(no_balance|no_credit|no_debit|balance_only)$/ }), {
  min: 1,
  max: 4,
});

const storeInfo = fields({
  id: string({ max: 32 }),
  name: optional(text({ max: 256 })),
  area_code: optional(string({ max: 32 })),
  address: optional(text({ max: 512 })),
});

/** Readers of the scene of every order. */
const scene = {
  payer_client_ip: clientIp,
  device_id: optional(string({ max: 32 })),
  store_info: optional(storeInfo),
};

/** Reads the page or app from which an H5 order is paid. */
export const h5Info = fields({
  type: string({ max: 32, pattern: /^(Wap|iOS|Android)$/ }),
  app_name: optional(text({ max: 64 })),
  app_url: optional(string({ max: 128 })),
  bundle_id: optional(string({ max: 128 })),
  package_name: optional(string({ max: 128 })),
});

/** Reads the scene of an order, and of an H5 order. */
export const sceneInfo = optional(fields(scene));
export const h5SceneInfo = fields({ ...scene, h5_info: h5Info });

const goods = fields({
  merchant_goods_id: string({ max: 32 }),
  wechatpay_goods_id: optional(string({ max: 32 })),
  goods_name: optional(text({ max: 256 })),
  quantity: positiveInteger,
  unit_price: nonNegativeInteger,
});

const detail = fields({
  cost_price: optional(nonNegativeInteger),
  invoice_id: optional(string({ max: 32 })),
  goods_detail: optional(list(goods, { min: 1, max: 6_000 })),
});

/** Readers of the owner of an order. */
export const DIRECT_OWNER = { appid, mchid };
export const PARTNER_OWNER = {
  sp_appid: appid,
  sp_mchid: mchid,
  sub_appid: optional(appid),
  sub_mchid: mchid,
};

/** Parameters of every request that places an order, besides its owner, its payer and its scene. */
export const NEW_ORDER = {
  description: text({ max: 127 }),
  out_trade_no: newOutTradeNo,
  amount: fields({ total: positiveInteger, currency: optional(currency) }),
  attach: optional(text({ max: 128 })),
  goods_tag: optional(text({ max: 32 })),
  support_fapiao: optional(boolean),
  detail: optional(detail),
  settle_info: optional(fields({ profit_sharing: optional(boolean) })),
};

/**
 * Returns the same with those of an order that the customer pays later.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791856
 */
export function orderParameters(allowLocalNotifyUrl: boolean) {
  return {
    ...NEW_ORDER,
    notify_url: notifyUrl(allowLocalNotifyUrl),
    time_expire: optional(expiryTime),
    limit_pay: optional(limitPay),
  };
}
