import { combineSubject, type CombineOrder } from '../../domain/combine-order.js';
import { decodeCombineOrder } from '../decode-combine-order.js';
import { expectEcho, path, type V3Operation } from '../operation.js';

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012557098 */
export const queryCombineOrder: V3Operation<{ readonly combineOutTradeNo: string }, CombineOrder> = {
  name: 'combine.query',
  effect: 'none',
  successStatus: [200],
  subject: combineSubject,
  outTradeNo: ({ combineOutTradeNo }) => combineOutTradeNo,
  request: ({ combineOutTradeNo }) => ({
    method: 'GET',
    path: path`/v3/combine-transactions/out-trade-no/${combineOutTradeNo}`,
    body: '',
  }),
  decode(json, { combineOutTradeNo }, { mchid, leftOut }) {
    const order = decodeCombineOrder(json, '$', leftOut);
    expectEcho(order.combineMchid, mchid, '$.combine_mchid');
    expectEcho(order.combineOutTradeNo, combineOutTradeNo, '$.combine_out_trade_no');
    return order;
  },
  identity: ({ combineOutTradeNo }) => ({ outTradeNo: combineOutTradeNo }),
};
