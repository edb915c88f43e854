import type { Order, OrderAmount, OrderPayer, OrderSceneInfo } from '../domain/order.js';
import type { TradeState, TradeType } from '../domain/trade-state.js';
import { withLenient, lenient } from './lenient.js';
import { promotions } from './decode-promotions.js';
import {
  dateTime,
  identifier,
  integer,
  object,
  optional,
  optionalOrNone,
  required,
  text,
  type Field,
  type Reader,
} from './json.js';

/**
 * Amount of an order. A merchant compares `total`, so the customer's amount and its currency are lenient. They are left
 * out together: an amount without its own currency would be read in the wrong one.
 */
const amount = withLenient(
  // If an unknown currency were left out, 10 dollars would become 10 yuan.
  object<Pick<OrderAmount, 'total' | 'currency'>>({
    total: required('total', integer),
    currency: optional('currency', text),
  }),
  object<Pick<OrderAmount, 'payerTotal' | 'payerCurrency'>>({
    payerTotal: optional('payer_total', integer),
    payerCurrency: optional('payer_currency', text),
  }),
);

const sceneInfo = object<OrderSceneInfo>({
  deviceId: lenient('device_id', text),
  storeInfo: lenient('store_info', object({ id: lenient('id', text), outId: lenient('out_id', text) })),
});

const stateInWords = lenient('trade_state_desc', text);

/** Fields that both kinds of order have under the same names. */
const shared = {
  outTradeNo: required('out_trade_no', identifier),
  transactionId: optionalOrNone('transaction_id', text),
  tradeState: required('trade_state', identifier),
  tradeStateDesc: {
    ...stateInWords,
    read: (value, path, leftOut) => stateInWords.read(value, path, leftOut) ?? '',
  } satisfies Field<string>,
  bankType: lenient('bank_type', text),
  attach: lenient('attach', text),
  successTime: lenient('success_time', dateTime),
  sceneInfo: lenient('scene_info', sceneInfo),
  promotionDetail: lenient('promotion_detail', promotions),
};

type Fields = Omit<Order, 'raw' | keyof Terms<unknown>>;

const order = object<Omit<Fields, 'subMchid' | 'subAppid'>>({
  mchid: required('mchid', identifier),
  appid: lenient('appid', text),
  payer: lenient(
    'payer',
    object<OrderPayer>({ openid: lenient('openid', text), subOpenid: lenient('sub_openid', text) }),
  ),
  ...shared,
});

const partnerOrder = object<Fields>({
  mchid: required('sp_mchid', identifier),
  subMchid: required('sub_mchid', identifier),
  appid: lenient('sp_appid', text),
  subAppid: lenient('sub_appid', text),
  payer: lenient(
    'payer',
    object<OrderPayer>({ openid: lenient('sp_openid', text), subOpenid: lenient('sub_openid', text) }),
  ),
  ...shared,
});

/**
 * Reads an order from a verified reply. Unlisted fields and states are accepted; `raw` keeps them, and unreadable
 * lenient fields.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356
 */
export const decodeOrder: Reader<Order> = readerOf(order);

/**
 * Reads a sub-merchant's order, in which merchants, apps and customers have other field names.
 *
 * @see https://pay.weixin.qq.com/doc/v3/partner/4012085133
 */
export const decodePartnerOrder: Reader<Order> = readerOf(partnerOrder);

function readerOf(fields: Reader<Fields>): Reader<Order> {
  const read = withTerms(fields, amount);
  return (json, path, leftOut) => withRaw(read(json, path, leftOut), json);
}

/** Fields that are lenient or not, depending on the state of the order. */
interface Terms<A> {
  readonly tradeType?: TradeType;
  readonly amount?: A;
}

/**
 * Adds the type and the amount to the other fields of an order. A paid order must have a readable amount, and its type is
 * lenient. Before that it is the other way round: an unpaid order of type MICROPAY is reversed, any other is closed.
 */
export function withTerms<T extends { readonly tradeState: TradeState }, A>(
  fields: Reader<T>,
  amountOf: Reader<A>,
): Reader<T & Terms<A>> {
  const paid = object<Terms<A>>({
    tradeType: lenient('trade_type', text),
    amount: optional('amount', amountOf),
  });
  const unpaid = object<Terms<A>>({
    tradeType: optionalOrNone('trade_type', text),
    amount: lenient('amount', amountOf),
  });
  return (value, path, leftOut) => {
    const read = fields(value, path, leftOut);
    const isPaid = read.tradeState === 'SUCCESS' || read.tradeState === 'REFUND';
    return Object.assign(read, (isPaid ? paid : unpaid)(value, path, leftOut));
  };
}

/** Adds the reply as received, as a property that logs do not show. */
export function withRaw<T extends object>(decoded: T, raw: unknown): T & { readonly raw: unknown } {
  return Object.defineProperty(decoded, 'raw', { value: raw }) as T & { readonly raw: unknown };
}
