import { combineSubject, type CombineCloseRequest } from '../../domain/combine-order.js';
import { path, type V3Operation } from '../operation.js';

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012557137 */
export const closeCombineOrder: V3Operation<CombineCloseRequest, void> = {
  name: 'combine.close',
  effect: 'idempotent',
  successStatus: [204],
  subject: combineSubject,
  outTradeNo: ({ combineOutTradeNo }) => combineOutTradeNo,
  request: ({ combineOutTradeNo, combineAppid, subOrders }) => ({
    method: 'POST',
    path: path`/v3/combine-transactions/out-trade-no/${combineOutTradeNo}/close`,
    body: JSON.stringify({
      combine_appid: combineAppid,
      sub_orders: subOrders.map(({ mchid, outTradeNo, subMchid, subAppid }) => ({
        mchid,
        out_trade_no: outTradeNo,
        sub_mchid: subMchid,
        sub_appid: subAppid,
      })),
    }),
  }),
  decode: () => undefined,
};
