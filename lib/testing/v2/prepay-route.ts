import type { V2Fields } from '../../v2/xml.js';
import type { Stores } from '../orders/stores.js';
import { placeOrder, type PlaceRefusal } from '../orders/place-order.js';
import type { TicketOrder, Tickets } from '../orders/tickets.js';
import type { MaybeFields } from './message.js';
import type { V2Endpoint } from './order-routes.js';
import { businessRefusal, messageRefusal } from './refusal.js';

/** APIv2 endpoint that places an order. */
export interface V2PlacingRoute extends V2Endpoint {
  /**
   * Places the order of an authenticated request.
   *
   * @param now the time on the clock of the gateway
   * @throws {V2Refusal} with layer `business`, or `message` for a `time_expire` that is too early
   */
  place(fields: V2Fields, stores: Stores, now: number): MaybeFields;
}

const MIN_EXPIRY_MS = 5 * 60_000;

/** Form of each field, of its JSON for two of them. */
const FORMS: Readonly<Record<string, RegExp>> = {
  out_trade_no: /^[0-9A-Za-z_\-|*]{6,32}$/,
  body: /^.{1,127}$/su,
  attach: /^.{1,127}$/su,
  goods_tag: /^.{1,32}$/su,
  device_info: /^.{1,32}$/su,
  product_id: /^.{1,32}$/su,
  detail: /^\{.{1,5998}\}$/su,
  scene_info: /^\{.{1,254}\}$/su,
  total_fee: /^[1-9]\d{0,9}$/,
  fee_type: /^CNY$/,
  spbill_create_ip: /^(?=.*[.:])[0-9A-Fa-f.:]{3,45}$/,
  time_start: /^\d{14}$/,
  time_expire: /^\d{14}$/,
  trade_type: /^(JSAPI|APP|MWEB|NATIVE)$/,
  limit_pay: /^no_credit$/,
  openid: /^[\w-]{1,128}$/,
  sub_openid: /^[\w-]{1,128}$/,
  receipt: /^[YN]$/,
  profit_sharing: /^[YN]$/,
};

const REFUSALS: Readonly<Record<PlaceRefusal, readonly [code: string, text: string]>> = {
  paid: ['ORDERPAID', '该订单已支付'],
  closed: ['ORDERCLOSED', '该订单已关闭'],
  different: ['INVALID_REQUEST', '201 商户订单号重复'],
};

/** Endpoint that places orders of every type (统一下单). */
export const PREPAY_ROUTE: V2PlacingRoute = {
  operation: 'order.prepay',
  path: '/pay/unifiedorder',
  numbers: ['out_trade_no'],
  required: ['body', 'total_fee', 'spbill_create_ip', 'notify_url', 'trade_type'],
  optional: [...Object.keys(FORMS), 'version'],
  place(fields, { orders, tickets }, now) {
    checkForms(fields);
    checkPayer(fields);
    const timeExpire = expiryOf(fields, now + MIN_EXPIRY_MS);
    const { nonce_str: _nonce, sign: _sign, ...placedWith } = fields;
    const refusal = placeOrder(orders, {
      outTradeNo: fields.out_trade_no ?? '',
      amount: { total: Number(fields.total_fee) },
      description: fields.body,
      attach: fields.attach,
      tradeType: fields.trade_type,
      subMchid: fields.sub_mch_id,
      subAppid: fields.sub_appid,
      timeExpire,
      placedWith,
    });
    if (refusal !== undefined) throw businessRefusal(...REFUSALS[refusal]);
    const order = { outTradeNo: fields.out_trade_no ?? '', subMchid: fields.sub_mch_id };
    return { trade_type: fields.trade_type, ...ticketsOf(fields.trade_type, order, tickets) };
  },
};

/** Checks the form of each field of an order. @throws {V2Refusal} with layer `business` */
export function checkForms(fields: V2Fields): void {
  const wrong = Object.entries(fields).find(([name, value]) => FORMS[name]?.test(value) === false);
  if (wrong !== undefined) throw businessRefusal('PARAM_ERROR', `参数${wrong[0]}格式错误`);
  for (const name of ['detail', 'scene_info']) {
    if (fields[name] !== undefined && !isJson(fields[name])) {
      throw businessRefusal('PARAM_ERROR', `参数${name}不是合法的JSON`);
    }
  }
}

/** Checks what the trade type requires. */
function checkPayer({ trade_type, openid, sub_openid, product_id, scene_info, sub_appid }: V2Fields): void {
  const missing =
    (trade_type === 'JSAPI' && !openid && !sub_openid && 'openid') ||
    (trade_type === 'NATIVE' && !product_id && 'product_id') ||
    (trade_type === 'MWEB' && scene_info?.includes('"h5_info"') !== true && 'scene_info') ||
    (sub_openid && !sub_appid && 'sub_appid');
  if (missing) throw businessRefusal('PARAM_ERROR', `缺少参数${missing}`);
}

function ticketsOf(tradeType: string | undefined, order: TicketOrder, tickets: Tickets): MaybeFields {
  return {
    prepay_id: tickets.issue('prepayId', order),
    code_url: tradeType === 'NATIVE' ? tickets.issue('codeUrl', order) : undefined,
    mweb_url: tradeType === 'MWEB' ? tickets.issue('h5Url', order) : undefined,
  };
}

/**
 * Reads `time_expire`, as `yyyyMMddHHmmss` in China's time zone.
 *
 * @param earliest the earliest time that WeChat Pay accepts, in milliseconds since the epoch
 * @throws {V2Refusal} if it is no date, or too early
 */
export function expiryOf({ time_expire }: V2Fields, earliest: number): Date | undefined {
  if (time_expire === undefined) return undefined;
  const moment = new Date(time_expire.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6+08:00'));
  if (Number.isNaN(moment.getTime())) throw businessRefusal('PARAM_ERROR', '参数time_expire格式错误');
  if (moment.getTime() < earliest) {
    throw messageRefusal('PARAM_ERROR', 'time_expire时间过短，刷卡至少1分钟，其他5分钟');
  }
  return moment;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
