import type { CombineCloseRequest } from '../../domain/combine-order.js';
import { path, type V3Close } from '../operation.js';

/** @see https://pay.weixin.qq.com/doc/v3/merchant/4012557137 */
export const closeCombineOrder: V3Close<CombineCloseRequest> = {
  name: 'combine.close',
  successStatus: [204],
  alreadyDone: ['ORDER_CLOSED'],
  subject: ({ combineOutTradeNo }) => `combine order ${combineOutTradeNo}`,
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
