import type { V2Fields } from '../../v2/xml.js';
import { findSwapped, type Swap } from '../faults/subject.js';
import type { Stores } from '../orders/stores.js';
import type { MockRefund } from '../refunds/mock-refund.js';
import { RefundRefusal, type RefundRefusalReason } from '../refunds/refund-refusal.js';
import { refundsByOrder } from '../refunds/refunds-by-order.js';
import type { MaybeFields } from './message.js';
import type { V2Endpoint } from './order-routes.js';
import { businessRefusal } from './refusal.js';
import { acceptedRefundFields, refundListFields } from './refund-fields.js';

/** APIv2 endpoint of refunds. */
export interface V2RefundRoute extends V2Endpoint {
  /** Processes the request. @throws {V2Refusal} with layer `business` */
  handleRefund(fields: V2Fields, context: RefundContext): MaybeFields;
}

/** Stores, and the refund to return instead of the requested one, if there is a swap. */
interface RefundContext {
  readonly stores: Stores;
  readonly swap?: Swap;
}

/** Maximum number of refunds in a reply. */
const PAGE = 10;

/** Endpoints of refunds. */
export const REFUND_ROUTES: readonly V2RefundRoute[] = [
  {
    operation: 'refund.create',
    path: '/secapi/pay/refund',
    needsCertificate: true,
    numbers: ['transaction_id', 'out_trade_no'],
    required: ['out_refund_no', 'total_fee', 'refund_fee'],
    optional: ['refund_fee_type', 'refund_desc', 'refund_account', 'notify_url'],
    handleRefund: create,
  },
  {
    operation: 'refund.query',
    path: '/pay/refundquery',
    numbers: ['refund_id', 'out_refund_no', 'transaction_id', 'out_trade_no'],
    optional: ['offset'],
    handleRefund: query,
  },
];

function create(fields: V2Fields, { stores: { refunds } }: RefundContext): MaybeFields {
  const { transaction_id: transactionId, out_trade_no: outTradeNo, sub_mch_id: subMchid } = fields;
  const order = refunds.orderOf({ transactionId, outTradeNo, subMchid });
  if (order === undefined) throw businessRefusal('ORDERNOTEXIST', '订单不存在');
  const { nonce_str: _, sign: __, sign_type: ___, ...content } = fields;
  try {
    const refund = refunds.request({
      order,
      outRefundNo: fields.out_refund_no ?? '',
      amount: { refund: Number(fields.refund_fee), total: Number(fields.total_fee) },
      reason: fields.refund_desc,
      notifyUrl: fields.notify_url,
      fundsAccount: fields.refund_account === 'REFUND_SOURCE_RECHARGE_FUNDS' ? 'AVAILABLE' : 'UNSETTLED',
      requestedWith: content,
    });
    return acceptedRefundFields(order.appid, refund);
  } catch (error) {
    if (error instanceof RefundRefusal) throw businessRefusal(...REFUSALS[error.reason]);
    throw error;
  }
}

function query(fields: V2Fields, { stores, swap }: RefundContext): MaybeFields {
  const found = find(fields, stores, swap);
  const offset = Number(fields.offset ?? 0);
  if (offset > 0 && offset >= found.length) throw businessRefusal('PARAM_ERROR', 'offset错误');
  const [first, ...others] = found.slice(offset, offset + PAGE);
  if (first === undefined) throw businessRefusal('REFUNDNOTEXIST', '退款单不存在');
  const appid = stores.refunds.orderOf(first)?.appid ?? '';
  return refundListFields(appid, [first, ...others], found.length);
}

/** Finds one refund by its number, or all refunds of an order. */
function find(fields: V2Fields, { refunds }: Stores, swap?: Swap): readonly MockRefund[] {
  const { refund_id: refundId, out_refund_no: outRefundNo, sub_mch_id: subMchid } = fields;
  const numbers = { refundId, outRefundNo, subMchid };
  if (swap !== undefined) return [findSwapped(refundsByOrder(refunds), numbers, swap)];
  if (refundId === undefined && outRefundNo === undefined) {
    const { transaction_id: transactionId, out_trade_no: outTradeNo } = fields;
    const order = refunds.orderOf({ transactionId, outTradeNo, subMchid });
    return order === undefined ? [] : refunds.of(order);
  }
  const refund = refunds.find(numbers);
  return refund === undefined ? [] : [refund];
}

const REFUSALS: Readonly<Record<RefundRefusalReason, readonly [code: string, text: string]>> = {
  'not-paid': ['TRADE_STATE_ERROR', '订单状态错误'],
  'too-old': ['TRADE_OVERDUE', '订单已经超过退款期限'],
  'other-content': ['REFUND_FEE_MISMATCH', '订单金额或退款金额与之前请求不一致，请核实后再试'],
  'other-total': ['REFUND_FEE_MISMATCH', '订单金额或退款金额与之前请求不一致，请核实后再试'],
  'refunded-in-full': ['ERROR', '订单已全额退款'],
  'too-much': ['INVALID_REQUEST', 'refund_fee大于可退金额'],
  'too-many': ['ERROR', '订单部分退款次数超过50次'],
};
