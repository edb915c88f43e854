import { orderSubject, type OrderRef } from '../../domain/order-ref.js';
import {
  identifier,
  isAbsent,
  memberOf,
  object,
  optionalOrNone,
  required,
  text,
  UnexpectedJson,
} from '../json.js';
import { expectEcho, type V3Operation } from '../operation.js';
import { orderPath } from './order-path.js';

export interface ReverseOrderInput {
  readonly ref: OrderRef;
  /** Appid with which the order was placed. */
  readonly appid: string;
}

const reversed = object({
  mchid: optionalOrNone('mchid', text),
  spMchid: optionalOrNone('sp_mchid', text),
  subMchid: optionalOrNone('sub_mchid', text),
  outTradeNo: required('out_trade_no', identifier),
});

/**
 * Reverses a 付款码 order. WeChat Pay's documents disagree on use by ordinary merchants.
 *
 * @see https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/reverse.html
 */
export const reverseOrder: V3Operation<ReverseOrderInput, void> = {
  name: 'order.reverse',
  successStatus: [200],
  // The transport retries only if nothing was sent. After any other failure, the caller queries the order and decides whether to
  // reverse again.
  effect: 'once',
  subject: ({ ref }) => orderSubject(ref),
  outTradeNo: ({ ref }) => ref.outTradeNo,
  request: ({ ref, appid }, mchid) => ({
    method: 'POST',
    path: `${orderPath(ref)}/reverse`,
    body: JSON.stringify(
      ref.subMchid === undefined
        ? { appid, mchid }
        : { sp_appid: appid, sp_mchid: mchid, sub_mchid: ref.subMchid, sub_appid: ref.subAppid },
    ),
  }),
  decode(json, { ref }, { mchid }) {
    // The reply to a query names the same merchants and the same order; only its `trade_state` tells it apart.
    if (!isAbsent(memberOf(json, 'trade_state'))) {
      throw new UnexpectedJson('$.trade_state', 'belongs to the reply to a query, not to a reversal.');
    }
    const reply = reversed(json, '$');
    if (ref.subMchid === undefined) expectEcho(reply.mchid, mchid, '$.mchid');
    else expectEcho(reply.spMchid, mchid, '$.sp_mchid');
    expectEcho(reply.subMchid, ref.subMchid, '$.sub_mchid');
    expectEcho(reply.outTradeNo, ref.outTradeNo, '$.out_trade_no');
  },
};
