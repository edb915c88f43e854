import { isDeepStrictEqual } from 'node:util';
import type { MockCombineOrders, PlacedCombineOrder } from '../orders/combine-orders.js';
import { stateOf } from '../orders/combine-orders.js';
import type { PlaceRefusal } from '../orders/place-order.js';
import { notifyUrl } from './notify-url.js';
import { contradictoryParameter } from './parameter-problems.js';
import {
  appid,
  boolean,
  fields,
  list,
  mchid,
  nonNegativeInteger,
  optional,
  positiveInteger,
  string,
  text,
  type Reader,
} from './parameters.js';
import { clientIp, currency, expiryTime, h5Info, limitPay, newOutTradeNo } from './prepay-parameters.js';
import {
  checkAppid,
  checkPlaced,
  FORMS,
  lastMoment,
  ticketReply,
  type PrepayForm,
  type PrepayTerms,
} from './prepay-routes.js';
import { route, type Route } from './route.js';

const MAX_DIRECT_SUB_ORDERS = 10;

const openid = string({ max: 128, pattern: /^[\w-]+$/ });
const payerInfo = fields({ openid: optional(openid), sub_openid: optional(openid) });

const expiry: Reader<string | undefined> = optional(expiryTime);

const scene = { payer_client_ip: clientIp, device_id: optional(string({ max: 16 })) };
const sceneInfo: Reader<unknown> = optional(fields(scene));
const h5SceneInfo: Reader<unknown> = fields({ ...scene, h5_info: h5Info });

const subOrder = fields({
  mchid,
  out_trade_no: newOutTradeNo,
  amount: fields({ total_amount: positiveInteger, currency }),
  attach: text({ max: 128 }),
  description: text({ max: 127 }),
  detail: optional(text({ max: 6_000 })),
  goods_tag: optional(text({ max: 32 })),
  settle_info: optional(
    fields({ profit_sharing: optional(boolean), subsidy_amount: optional(nonNegativeInteger) }),
  ),
  sub_mchid: optional(mchid),
  sub_appid: optional(appid),
});

const subOrdersReader = list(subOrder, { min: 1, max: 50 });

/** Creates the endpoints that place combine orders. Mini programs use that of pages within WeChat. */
export function combinePrepayRoutes(terms: PrepayTerms): readonly Route[] {
  return FORMS.map((form) => combinePrepayRoute(terms, form));
}

function combinePrepayRoute({ now, allowLocalNotifyUrl }: PrepayTerms, form: PrepayForm): Route {
  const payerOfForm: Reader<unknown> = form.hasPayer ? payerInfo : optional(payerInfo);
  return route({
    operation: 'combine.prepay',
    method: 'POST',
    path: `/v3/combine-transactions/${form.segment}`,
    inPath: {},
    fields: {
      combine_appid: appid,
      combine_mchid: mchid,
      combine_out_trade_no: newOutTradeNo,
      combine_payer_info: payerOfForm,
      scene_info: form.segment === 'h5' ? h5SceneInfo : sceneInfo,
      sub_orders: subOrdersReader,
      time_start: expiry,
      time_expire: expiry,
      notify_url: notifyUrl(allowLocalNotifyUrl),
      limit_pay: optional(limitPay),
    },
    merchant: 'combine_mchid',
    reply({ orders, combineOrders, tickets, parameters }) {
      checkAppid(orders, parameters.combine_appid);
      const subOrders = parameters.sub_orders.map((part) => ({
        mchid: part.mchid,
        outTradeNo: part.out_trade_no,
        amount: { total: part.amount.total_amount, currency: part.amount.currency },
        attach: part.attach,
        subMchid: part.sub_mchid,
        subAppid: part.sub_appid,
      }));
      checkCount(subOrders);
      const { time_expire } = parameters;
      const refusal = placeCombineOrder(combineOrders, {
        combineOutTradeNo: parameters.combine_out_trade_no,
        tradeType: form.tradeType,
        subOrders,
        timeExpire: time_expire === undefined ? undefined : lastMoment(time_expire, now()),
        placedWith: parameters,
      });
      checkPlaced(refusal);
      return ticketReply(form, { combineOutTradeNo: parameters.combine_out_trade_no }, tickets);
    },
  });
}

function checkCount(subOrders: PlacedCombineOrder['subOrders']): void {
  const isPartner = subOrders.some(({ subMchid }) => subMchid !== undefined);
  if (isPartner || (subOrders.length >= 2 && subOrders.length <= MAX_DIRECT_SUB_ORDERS)) return;
  const place = { location: 'body', pointer: '/sub_orders' } as const;
  throw contradictoryParameter(place, undefined, `数量应为2到${MAX_DIRECT_SUB_ORDERS}`);
}

/** Places a combine order. Placing the same unpaid order again changes nothing. */
function placeCombineOrder(store: MockCombineOrders, order: PlacedCombineOrder): PlaceRefusal | undefined {
  const existing = store.get(order.combineOutTradeNo);
  if (existing === undefined) {
    store.create(order);
    return undefined;
  }
  const state = stateOf(existing);
  if (state === 'SUCCESS' || state === 'REFUND') return 'paid';
  if (state !== 'NOTPAY') return 'closed';
  return isDeepStrictEqual(existing.placedWith, order.placedWith) ? undefined : 'different';
}
