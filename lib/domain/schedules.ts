/** Last pause of both schedules, which repeats. */
export const LONGEST_PAUSE_MS = 1_800_000;

/**
 * Official schedule of the queries of an order: 5 s, 30 s, 1, 3, 5, 10 and 30 min.
 *
 * A watch pauses for these times between its queries; tracking reads them as ages of the order.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012075249
 */
export const ORDER_SCHEDULE_MS: readonly number[] = [
  5_000,
  30_000,
  60_000,
  180_000,
  300_000,
  600_000,
  LONGEST_PAUSE_MS,
];

/**
 * Official pauses between the queries of a refund: 1 min for the first 5 min, then 5, 10, 20 and 30 min.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071031
 */
export const REFUND_SCHEDULE_MS: readonly number[] = [
  ...Array<number>(5).fill(60_000),
  300_000,
  600_000,
  1_200_000,
  LONGEST_PAUSE_MS,
];
