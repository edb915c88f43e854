import { isSamePart, stateOf } from '../orders/combine-orders.js';
import { emptyReply, jsonReply } from '../http/exchange.js';
import type { MockCombineOrder } from '../orders/mock-combine-order.js';
import { combineOrderJson } from './combine-order-json.js';
import { requireOrder, ORDER_PAID } from './order-routes.js';
import { appid, fields, list, mchid, optional, outTradeNo } from './parameters.js';
import { contradictoryParameter } from './parameter-problems.js';
import { Problem } from './problem.js';
import { route, type Route } from './route.js';

const subOrders = list(
  fields({ mchid, out_trade_no: outTradeNo, sub_mchid: optional(mchid), sub_appid: optional(appid) }),
  { min: 1, max: 50 },
);

/** Endpoints of combine orders. */
export const COMBINE_ROUTES: readonly Route[] = [
  route({
    operation: 'combine.query',
    method: 'GET',
    path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}',
    inPath: { combine_out_trade_no: outTradeNo },
    fields: {},
    reply: ({ find, parameters }) =>
      jsonReply(200, combineOrderJson(requireOrder(find.combineOrder(parameters.combine_out_trade_no)))),
  }),
  route({
    operation: 'combine.close',
    method: 'POST',
    path: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close',
    inPath: { combine_out_trade_no: outTradeNo },
    fields: { combine_appid: appid, sub_orders: subOrders },
    reply({ combineOrders, parameters }) {
      const order = requireOrder(combineOrders.get(parameters.combine_out_trade_no));
      checkSameOrder(order, parameters);
      const state = stateOf(order);
      if (state === 'SUCCESS' || state === 'REFUND') throw new Problem(ORDER_PAID);
      combineOrders.close(order.combineOutTradeNo);
      return emptyReply(204);
    },
  }),
];

interface Named {
  readonly combine_appid: string;
  readonly sub_orders: readonly {
    readonly mchid: string;
    readonly out_trade_no: string;
    readonly sub_mchid?: string;
    readonly sub_appid?: string;
  }[];
}

/** Checks that the request lists the same sub-orders: count, merchants, apps and numbers, in any sequence. */
function checkSameOrder(order: MockCombineOrder, named: Named): void {
  if (named.combine_appid !== order.combineAppid) throw differs('combine_appid');
  const parts = named.sub_orders.map((part) => ({
    mchid: part.mchid,
    outTradeNo: part.out_trade_no,
    subMchid: part.sub_mchid,
    subAppid: part.sub_appid,
  }));
  if (parts.length !== order.subOrders.length) throw differs('sub_orders');
  for (const placed of order.subOrders) {
    const part = parts.find((each) => isSamePart(each, placed));
    if (part === undefined) throw differs('sub_orders');
    if (part.subAppid !== undefined && part.subAppid !== placed.subAppid) throw differs('sub_orders');
  }
}

function differs(field: string): Problem {
  return contradictoryParameter({ location: 'body', pointer: `/${field}` }, undefined, '与下单时不一致');
}
