import type { OrderRef } from '../../domain/order-ref.js';

/** How a request says which order it means; WeChat's number wins where there are both. */
export function orderFields({
  outTradeNo,
  transactionId,
  subMchid,
  subAppid,
}: OrderRef): Readonly<Record<string, string | undefined>> {
  return {
    sub_mch_id: subMchid,
    sub_appid: subAppid,
    ...(transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }),
  };
}
