const HOUR_MS = 3_600_000;
const BEIJING_OFFSET_MS = 8 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
/** WeChat Pay keeps bills for three months. */
const KEPT_DAYS = 92;
/** Hour in Beijing at which the bill of the day before is ready. */
const READY_HOUR = 10;

/** Returns the day of a moment in Beijing, `YYYY-MM-DD`. */
export function beijingDay(at: Date): string {
  return new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 10);
}

/** Formats a moment as bills do, in Beijing. */
export function billTime(at: Date): string {
  return new Date(at.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Tells whether the bill of a day can be downloaded. */
export function stateOfDay(date: string, now: number): 'ready' | 'creating' | 'no-day' | 'not-kept' {
  const start = Date.parse(`${date}T00:00:00Z`) - BEIJING_OFFSET_MS;
  if (Number.isNaN(start) || beijingDay(new Date(start)) !== date || now < start + DAY_MS) return 'no-day';
  if (now - start > KEPT_DAYS * DAY_MS) return 'not-kept';
  return now < start + DAY_MS + READY_HOUR * HOUR_MS ? 'creating' : 'ready';
}
