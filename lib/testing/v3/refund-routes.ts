import type { RefundSource } from '../../index.js';
import { jsonReply } from '../http/exchange.js';
import type { PlatformKeys } from '../keys/platform-keys.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { MockRefund } from '../refunds/mock-refund.js';
import { RefundRefusal, type RefundRefusalReason } from '../refunds/refund-refusal.js';
import { abnormalRefundRoute, requireRefund } from './abnormal-refund-route.js';
import { notifyUrl } from './notify-url.js';
import {
  anyValue,
  fields,
  list,
  mchid,
  optional,
  outTradeNo,
  positiveInteger,
  string,
  text,
  transactionId,
} from './parameters.js';
import { contradictoryParameter, missingParameter } from './parameter-problems.js';
import { Problem, type ProblemShape } from './problem.js';
import { refundJson } from './refund-json.js';
import { route, type Call, type Route } from './route.js';

const outRefundNo = string({ max: 64, pattern: /^[0-9a-zA-Z_\-|*@]+$/ });
// Named, because TypeScript infers no type for calls of `optional` within the fields of a route.
const optionalMchid = optional(mchid);
const optionalTransactionId = optional(transactionId);
const optionalOutTradeNo = optional(outTradeNo);
const reason = optional(text({ max: 80 }));
const fundsAccount = optional(string({ max: 32, pattern: /^(AVAILABLE|UNSETTLED)$/ }));

const source = fields<RefundSource>({
  account: string({ max: 32, pattern: /^(UN)?AVAILABLE$/ }),
  amount: positiveInteger,
});

/** Amounts of a request; the fields have the same order as in WeChat Pay's pages. */
const amount = fields({
  refund: positiveInteger,
  from: optional(list(source, { min: 1, max: 2 })),
  total: positiveInteger,
  currency: string({ max: 16, pattern: /^CNY$/ }),
});

/** Options of the endpoints of refunds. */
export interface RefundRouteTerms {
  /** Accepts a `notify_url` that WeChat Pay could not reach. */
  readonly allowLocalNotifyUrl: boolean;
  /** Keys that sensitive fields are encrypted with. */
  readonly platform: PlatformKeys;
}

/** Creates the endpoints of refunds, for direct merchants and service providers. */
export function refundRoutes({ allowLocalNotifyUrl, platform }: RefundRouteTerms): readonly Route[] {
  const optionalNotifyUrl = optional(notifyUrl(allowLocalNotifyUrl, 256));
  return [
    route({
      operation: 'refund.create',
      method: 'POST',
      path: '/v3/refund/domestic/refunds',
      inPath: {},
      fields: {
        sub_mchid: optionalMchid,
        transaction_id: optionalTransactionId,
        out_trade_no: optionalOutTradeNo,
        out_refund_no: outRefundNo,
        reason,
        notify_url: optionalNotifyUrl,
        funds_account: fundsAccount,
        amount,
        goods_detail: anyValue,
      },
      reply(call) {
        const { parameters } = call;
        if (parameters.transaction_id === undefined && parameters.out_trade_no === undefined) {
          throw missingParameter({ location: 'body', pointer: '/transaction_id' });
        }
        return jsonReply(200, refundJson(create(call, requireRefundedOrder(call))));
      },
    }),
    route({
      operation: 'refund.query',
      method: 'GET',
      path: '/v3/refund/domestic/refunds/{out_refund_no}',
      inPath: { out_refund_no: outRefundNo },
      fields: { sub_mchid: optionalMchid },
      reply: ({ find, numbers }) => jsonReply(200, refundJson(requireRefund(find.refund(numbers)))),
    }),
    abnormalRefundRoute(platform),
  ];
}

interface CreateParameters {
  readonly out_refund_no: string;
  readonly reason?: string;
  readonly notify_url?: string;
  readonly funds_account?: string;
  readonly amount: {
    readonly refund: number;
    readonly total: number;
    readonly from?: readonly RefundSource[];
  };
}

function create({ refunds, parameters }: Call<CreateParameters>, order: MockOrder): MockRefund {
  const { out_refund_no, notify_url, funds_account, amount: asked } = parameters;
  const sum = asked.from?.reduce((all, { amount: part }) => all + part, 0) ?? asked.refund;
  if (sum !== asked.refund) {
    const place = { location: 'body', pointer: '/amount/from' } as const;
    throw contradictoryParameter(place, undefined, '与退款金额不一致');
  }
  try {
    return refunds.request({
      order,
      outRefundNo: out_refund_no,
      amount: { refund: asked.refund, total: asked.total, from: asked.from },
      reason: parameters.reason,
      notifyUrl: notify_url,
      fundsAccount: funds_account,
      requestedWith: parameters,
    });
  } catch (error) {
    if (error instanceof RefundRefusal) throw new Problem(REFUSALS[error.reason]);
    throw error;
  }
}

function requireRefundedOrder({ refunds, numbers }: Call<unknown>): MockOrder {
  const order = refunds.orderOf(numbers);
  if (order === undefined) {
    throw new Problem({ status: 404, code: 'RESOURCE_NOT_EXISTS', message: '原订单不存在' });
  }
  return order;
}

const invalid = (message: string): ProblemShape => ({ status: 400, code: 'INVALID_REQUEST', message });
const OTHER_CONTENT = '订单金额或退款金额与之前请求不一致，请核实后再试';

/** The codes are published; the texts are those that the real service was seen to send. */
const REFUSALS: Readonly<Record<RefundRefusalReason, ProblemShape>> = {
  'not-paid': invalid('订单状态错误，订单未支付'),
  'too-old': invalid('订单已经超过退款期限'),
  'other-content': invalid(OTHER_CONTENT),
  'other-total': invalid(OTHER_CONTENT),
  'refunded-in-full': invalid('订单已全额退款'),
  'too-much': invalid('申请退款金额大于可退金额'),
  'too-many': invalid('订单部分退款次数超过50次'),
};
