import type {
  CloseOrderRef,
  Order,
  OrderCloseService,
  OrderQueryService,
  OrderRef,
  TradeState,
} from 'nestjs-wxpay';

declare const query: OrderQueryService;
declare const close: OrderCloseService;
declare const order: Order;
declare const ref: OrderRef;

/** An order is addressed by exactly one of its two numbers. */
export const refs: readonly OrderRef[] = [
  { outTradeNo: 'T1' },
  { transactionId: '42' },
  // @ts-expect-error both numbers could mean two orders
  { outTradeNo: 'T1', transactionId: '42' },
  // @ts-expect-error no number means no order
  {},
];

/** WeChat Pay closes by the merchant's number only. */
export const closeRefs: readonly CloseOrderRef[] = [
  { outTradeNo: 'T1' },
  // @ts-expect-error the WeChat Pay number does not close
  { transactionId: '42' },
];

export async function calls(signal: AbortSignal): Promise<void> {
  const answer: Order = await query.query({ transactionId: '42' }, { signal, timeoutMs: 1000 });
  const nothing: void = await close.close({ outTradeNo: answer.outTradeNo });
  // @ts-expect-error a reference that may be the WeChat Pay number does not close
  await close.close(ref);
  // @ts-expect-error a bare number does not say which of the two it is
  await query.query('T1');
  return nothing;
}

export function changes(): void {
  // @ts-expect-error what WeChat Pay said is not for the app to change
  order.tradeState = 'CLOSED';
  // @ts-expect-error nor what hangs below it
  if (order.amount) order.amount.total = 0;
  // @ts-expect-error an unpaid order has no amount, payer or time of payment
  order.amount.total.toFixed();
  // @ts-expect-error the reply as received is nobody's promise: check it before use
  order.raw.trade_state.toString();
}

/** Editors offer the known states … */
export const known: Extract<TradeState, 'SUCCESS' | 'NOTPAY'> = 'NOTPAY';
/** … and a state of the future is a state all the same. */
export const future: TradeState = 'PAID_BY_TELEPATHY';
// @ts-expect-error but a number is not
export const never: TradeState = 1;
