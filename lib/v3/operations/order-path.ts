import type { OrderRef } from '../../domain/order-ref.js';
import { path } from '../operation.js';

/** Builds the path of an order from its own number or WeChat's, in the API for merchants or for service providers. */
export function orderPath({ outTradeNo, transactionId, subMchid }: OrderRef): string {
  const api = subMchid === undefined ? '/v3/pay/transactions' : '/v3/pay/partner/transactions';
  return transactionId === undefined
    ? api + path`/out-trade-no/${outTradeNo}`
    : api + path`/id/${transactionId}`;
}

/** Returns the fields that name the merchant of an order. */
export function merchantFields(
  { subMchid }: { readonly subMchid?: string },
  mchid: string,
): Record<string, string> {
  return subMchid === undefined ? { mchid } : { sp_mchid: mchid, sub_mchid: subMchid };
}
