import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

/** Noon in Beijing, two days ago: its bill is ready. */
export const NOON = new Date(`${beijingDay(Date.now() - 2 * 86_400_000)}T12:00:00+08:00`);
/** The day of {@link NOON} in Beijing. */
export const DAY = beijingDay(NOON.getTime());

/** The day in Beijing, `YYYY-MM-DD`. */
export function beijingDay(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Places and pays orders on {@link DAY}, with the given totals, numbered from A1. */
export function payOrders({ orders }: MockWxPayGateway, totals: readonly number[], prefix = 'A'): void {
  totals.forEach((total, index) => {
    const outTradeNo = `${prefix}${index + 1}`;
    orders.create({ outTradeNo, amount: { total }, description: `红茶, ${index + 1}` });
    orders.pay(outTradeNo, { at: NOON });
  });
}
