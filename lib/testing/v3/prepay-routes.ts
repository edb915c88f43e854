import { jsonReply, type DraftReply } from '../http/exchange.js';
import type { MockOrders, PlacedOrder } from '../orders/orders.js';
import { placeOrder, type PlaceRefusal } from '../orders/place-order.js';
import type { TicketKind, TicketOrder, Tickets } from '../orders/tickets.js';
import { ORDER_PAID } from './order-routes.js';
import { missingParameter } from './parameter-problems.js';
import { optional, type Reader } from './parameters.js';
import {
  DIRECT_OWNER,
  h5SceneInfo,
  orderParameters,
  PARTNER_OWNER,
  partnerPayer,
  payer,
  sceneInfo,
  type PartnerPayer,
  type Payer,
} from './prepay-parameters.js';
import { Problem, type ProblemShape } from './problem.js';
import { route, type Route } from './route.js';

/** Options of the prepay endpoints. */
export interface PrepayTerms {
  readonly now: () => number;
  /** Accepts a `notify_url` that WeChat Pay could not reach. */
  readonly allowLocalNotifyUrl: boolean;
}

/** Way to pay, by the last segment of its path. */
export interface PrepayForm {
  readonly segment: string;
  readonly tradeType: string;
  readonly hasPayer: boolean;
  readonly scene: Reader<unknown>;
  /** Ticket with which the customer pays, and its member of the reply. */
  readonly ticket: readonly [member: string, kind: TicketKind];
}

const PREPAY_ID = ['prepay_id', 'prepayId'] as const;

/** Ways to pay; combine orders have the same. */
export const FORMS: readonly PrepayForm[] = [
  { segment: 'jsapi', tradeType: 'JSAPI', hasPayer: true, scene: sceneInfo, ticket: PREPAY_ID },
  { segment: 'app', tradeType: 'APP', hasPayer: false, scene: sceneInfo, ticket: PREPAY_ID },
  {
    segment: 'native',
    tradeType: 'NATIVE',
    hasPayer: false,
    scene: sceneInfo,
    ticket: ['code_url', 'codeUrl'],
  },
  {
    segment: 'h5',
    tradeType: 'MWEB',
    hasPayer: false,
    scene: h5SceneInfo,
    ticket: ['h5_url', 'h5Url'],
  },
];

// Minimum time to pay; an earlier `time_expire` is moved to it, as documented.
const MIN_EXPIRY_MS = 60_000;

/** Creates the endpoints with which direct merchants and service providers place orders. */
export function prepayRoutes(terms: PrepayTerms): readonly Route[] {
  return FORMS.flatMap((form) => [directRoute(terms, form), partnerRoute(terms, form)]);
}

function directRoute({ now, allowLocalNotifyUrl }: PrepayTerms, form: PrepayForm): Route {
  const payerOfForm: Reader<Payer | undefined> = form.hasPayer ? payer : optional(payer);
  return route({
    operation: 'order.prepay',
    method: 'POST',
    path: `/v3/pay/transactions/${form.segment}`,
    inPath: {},
    fields: {
      ...DIRECT_OWNER,
      ...orderParameters(allowLocalNotifyUrl),
      scene_info: form.scene,
      payer: payerOfForm,
    },
    merchant: 'mchid',
    reply({ orders, tickets, parameters }) {
      checkAppid(orders, parameters.appid);
      place(orders, { ...contentOf(parameters, form, now()), placedWith: parameters });
      return ticketReply(form, { outTradeNo: parameters.out_trade_no }, tickets);
    },
  });
}

function partnerRoute({ now, allowLocalNotifyUrl }: PrepayTerms, form: PrepayForm): Route {
  const payerOfForm: Reader<PartnerPayer | undefined> = form.hasPayer ? partnerPayer : optional(partnerPayer);
  return route({
    operation: 'order.prepay',
    method: 'POST',
    path: `/v3/pay/partner/transactions/${form.segment}`,
    inPath: {},
    fields: {
      ...PARTNER_OWNER,
      ...orderParameters(allowLocalNotifyUrl),
      scene_info: form.scene,
      payer: payerOfForm,
    },
    merchant: 'sp_mchid',
    reply({ orders, tickets, parameters }) {
      const { sp_appid, sub_appid: subAppid, sub_mchid: subMchid, payer: customer } = parameters;
      checkAppid(orders, sp_appid);
      checkSubOpenid(customer, subAppid);
      place(orders, { ...contentOf(parameters, form, now()), subMchid, subAppid, placedWith: parameters });
      return ticketReply(form, { outTradeNo: parameters.out_trade_no, subMchid }, tickets);
    },
  });
}

/** Replies with a new ticket for the order. */
export function ticketReply(
  { ticket: [member, kind] }: PrepayForm,
  order: TicketOrder,
  tickets: Tickets,
): DraftReply {
  return jsonReply(200, { [member]: tickets.issue(kind, order) });
}

interface Content {
  readonly out_trade_no: string;
  readonly amount: PlacedOrder['amount'];
  readonly description: string;
  readonly attach?: string | undefined;
  readonly time_expire?: string | undefined;
}

function contentOf(
  { out_trade_no, amount, description, attach, time_expire }: Content,
  { tradeType }: PrepayForm,
  now: number,
): PlacedOrder {
  const timeExpire = time_expire === undefined ? undefined : lastMoment(time_expire, now);
  return { outTradeNo: out_trade_no, amount, description, attach, tradeType, timeExpire };
}

/** Returns the last moment at which an order can be paid. */
export function lastMoment(timeExpire: string, now: number): Date {
  return new Date(Math.max(Date.parse(timeExpire), now + MIN_EXPIRY_MS));
}

/** @throws {Problem} if the appid is not the merchant's */
export function checkAppid({ appid }: { readonly appid: string }, given: string): void {
  if (given === appid) return;
  throw new Problem({ status: 400, code: 'APPID_MCHID_NOT_MATCH', message: 'AppID和mch_id不匹配' });
}

function checkSubOpenid(customer: PartnerPayer | undefined, subAppid: string | undefined): void {
  if (customer?.sub_openid === undefined || subAppid !== undefined) return;
  throw missingParameter({ location: 'body', pointer: '/sub_appid' });
}

const REFUSALS: Readonly<Record<PlaceRefusal, ProblemShape>> = {
  paid: ORDER_PAID,
  closed: { status: 400, code: 'ORDER_CLOSED', message: '该订单已关闭', reason: 268447914 },
  different: { status: 400, code: 'INVALID_REQUEST', message: '商户订单号重复', reason: 268498688 },
};

function place(orders: MockOrders, order: PlacedOrder): void {
  checkPlaced(placeOrder(orders, order));
}

/** @throws {Problem} for a refusal */
export function checkPlaced(refusal: PlaceRefusal | undefined): void {
  if (refusal !== undefined) throw new Problem(REFUSALS[refusal]);
}
