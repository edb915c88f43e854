import type { TradeType } from '../../index.js';
import type { V2Fields } from '../../v2/xml.js';
import type { AgeRules } from '../orders/age-rules.js';
import type { MockOrder } from '../orders/mock-order.js';
import { OUT_TRADE_NO } from '../orders/order-terms.js';
import type { MockOrders, OrderNumbers, ReverseRefusal } from '../orders/orders.js';
import type { MaybeFields } from './message.js';
import { orderFields } from './order-fields.js';
import { businessRefusal, type V2Refusal } from './refusal.js';

/** APIv2 endpoint about an existing order, as data. */
export interface V2Route extends V2Endpoint {
  /** Processes the request. @throws {V2Refusal} with layer `business` */
  reply(call: V2Call): MaybeFields;
}

/** Path and fields of an endpoint. */
export interface V2Endpoint {
  readonly operation: string;
  readonly path: string;
  /** Requires TLS with the client certificate of the merchant. */
  readonly needsCertificate?: boolean;
  /** Fields that identify the order, in order of precedence; at least one is required. */
  readonly numbers: readonly ('transaction_id' | 'out_trade_no' | 'refund_id' | 'out_refund_no')[];
  /** Required fields beside the common ones and the numbers; default: none. */
  readonly required?: readonly string[];
  /** Optional fields beside those; others are refused. */
  readonly optional: readonly string[];
  /** Adds an empty `sub_mch_id` to replies if the request has none. */
  readonly emptySubMchid?: boolean;
}

/** Order of an authenticated request, with the stores. */
export interface V2Call {
  readonly order: MockOrder;
  readonly orders: MockOrders;
  readonly ages: AgeRules;
}

/** Order endpoints. */
export const ORDER_ROUTES: readonly V2Route[] = [
  {
    operation: 'order.query',
    path: '/pay/orderquery',
    numbers: ['transaction_id', 'out_trade_no'],
    optional: ['version'],
    reply: ({ order }) => orderFields(order),
  },
  {
    operation: 'order.close',
    path: '/pay/closeorder',
    numbers: ['out_trade_no'],
    optional: [],
    emptySubMchid: true,
    reply({ order, orders, ages }) {
      const refusal = refusalToClose(order, ages);
      if (refusal !== undefined) throw refusal;
      orders.close(order);
      return { result_msg: 'OK' };
    },
  },
  reverseRoute('/secapi/pay/reverse', 'MICROPAY'),
  reverseRoute('/secapi/pay/facepayreverse', 'FACEPAY'),
];

const REVERSE_TEXTS: Readonly<Record<ReverseRefusal, string>> = {
  TRADE_ERROR: '该订单不支持撤销',
  REVERSE_EXPIRE: '订单无法撤销',
};

/** Creates the endpoint that reverses orders of one type only. */
function reverseRoute(path: string, tradeType: TradeType): V2Route {
  return {
    operation: 'order.reverse',
    path,
    needsCertificate: true,
    numbers: ['transaction_id', 'out_trade_no'],
    optional: [],
    reply({ order, orders, ages }) {
      const refusal = order.tradeType === tradeType ? orders.refusalToReverse(order) : 'TRADE_ERROR';
      if (refusal !== undefined) throw businessRefusal(refusal, REVERSE_TEXTS[refusal], 'N');
      const ageRefusal = ages.refusalToReverse(order);
      if (ageRefusal !== undefined) throw businessRefusal('TRADE_ERROR', ageRefusal, 'N');
      orders.reverse(order);
      return { recall: 'N' };
    },
  };
}

/** Unlike APIv3, APIv2 refuses to close a closed order. */
function refusalToClose(order: MockOrder, ages: AgeRules): V2Refusal | undefined {
  const { tradeState, tradeType } = order;
  if (tradeState === 'SUCCESS' || tradeState === 'REFUND') {
    return businessRefusal('ORDERPAID', '该订单已支付');
  }
  if (tradeState === 'CLOSED') return businessRefusal('ORDERCLOSED', '订单已关闭，无法重复关闭');
  if (tradeState === 'REVOKED') return businessRefusal('ORDERREVERSED', '订单已撤销');
  if (tradeType === 'MICROPAY' || tradeState === 'USERPAYING' || tradeState === 'PAYERROR') {
    return tradeStateError();
  }
  // Not TRADE_STATE_ERROR: that code means that the order has to be reversed.
  const ageRefusal = ages.refusalToClose(order);
  return ageRefusal === undefined ? undefined : businessRefusal('TRADE_ERROR', ageRefusal);
}

/** Creates the refusal to close an order because of its type or current state. */
export function tradeStateError(): V2Refusal {
  return businessRefusal('TRADE_STATE_ERROR', '订单状态错误，请使用撤销订单接口');
}

const COMMON = ['appid', 'mch_id', 'sub_appid', 'sub_mch_id', 'nonce_str', 'sign_type', 'sign'];
const PATTERNS: Readonly<Record<string, RegExp>> = {
  out_trade_no: OUT_TRADE_NO,
  transaction_id: /^[0-9A-Za-z_-]{1,32}$/,
  sub_mch_id: /^\d{1,32}$/,
  sub_appid: /^[0-9A-Za-z_-]{1,32}$/,
  version: /^1\.0$/,
  total_fee: /^[1-9]\d{0,9}$/,
  out_refund_no: /^[0-9A-Za-z_\-|*@]{1,64}$/,
  refund_id: /^[0-9A-Za-z_-]{1,32}$/,
  refund_fee: /^[1-9]\d{0,9}$/,
  refund_fee_type: /^CNY$/,
  refund_desc: /^.{1,80}$/su,
  refund_account: /^REFUND_SOURCE_(UNSETTLED|RECHARGE)_FUNDS$/,
  offset: /^\d{1,3}$/,
  fee_type: /^CNY$/,
  spbill_create_ip: /^(?=.*[.:])[0-9A-Fa-f.:]{3,64}$/,
  auth_code: /^1[0-5]\d{16}$/,
};

/**
 * Checks that a request has exactly the fields of its endpoint. The real service ignores unknown fields; here they are
 * refused, so that a typo is noticed.
 *
 * @throws {V2Refusal} with layer `business`
 */
export function checkFields({ numbers, required = [], optional }: V2Endpoint, fields: V2Fields): void {
  const known = new Set<string>([...COMMON, ...numbers, ...required, ...optional]);
  for (const [name, value] of Object.entries(fields)) {
    if (!known.has(name)) throw businessRefusal('PARAM_ERROR', `多余的参数${name}`);
    if (PATTERNS[name]?.test(value) === false) throw businessRefusal('PARAM_ERROR', `参数${name}格式错误`);
  }
  if (!numbers.some((name) => fields[name] !== undefined)) {
    throw businessRefusal('LACK_PARAMS', `缺少参数${numbers.join('或')}`);
  }
  const missing = required.find((name) => fields[name] === undefined);
  if (missing !== undefined) throw businessRefusal('LACK_PARAMS', `缺少参数${missing}`);
  if (fields.sub_appid !== undefined && fields.sub_mch_id === undefined) {
    throw businessRefusal('LACK_PARAMS', '缺少参数sub_mch_id');
  }
}

/** Returns the numbers that identify the order; the transaction number takes precedence. */
export function numberIn({
  out_trade_no,
  transaction_id,
  sub_mch_id,
  out_refund_no,
}: V2Fields): OrderNumbers {
  const refund = out_refund_no === undefined ? {} : { outRefundNo: out_refund_no };
  return transaction_id === undefined
    ? { outTradeNo: out_trade_no, subMchid: sub_mch_id, ...refund }
    : { transactionId: transaction_id, subMchid: sub_mch_id, ...refund };
}
