import type { RefundRequest } from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

let serial = 0;

/** A paid order of 100 fen, and the request for a refund of 30 of them. */
export function paidOrder({ orders }: MockWxPayGateway): PaidOrder {
  const outTradeNo = `PAID-${++serial}`;
  orders.create({ outTradeNo, amount: { total: 100 } });
  const { transactionId = '' } = orders.pay(outTradeNo);
  return {
    outTradeNo,
    transactionId,
    request: { outTradeNo, outRefundNo: `R-${outTradeNo}`, amount: { refund: 30, total: 100 } },
  };
}

export interface PaidOrder {
  readonly outTradeNo: string;
  readonly transactionId: string;
  readonly request: RefundRequest & { readonly outTradeNo: string; readonly subMchid?: string };
}
