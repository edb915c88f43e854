import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import { checkMchid } from '../order-ref.js';

/** Rows of a trade bill: all, payments only, or refunds only. */
export type TradeBillType = 'ALL' | 'SUCCESS' | 'REFUND';

/** Account of a fund flow bill: basic (基本账户), operation (运营账户) or fees (手续费账户). */
export type FundAccount = 'BASIC' | 'OPERATION' | 'FEES';

/** Trade bill to download. */
export interface TradeBillRequest {
  /** Day in Beijing, `YYYY-MM-DD`: yesterday at the latest, three months ago at the earliest. */
  readonly date: string;
  /** Default `ALL`. */
  readonly type?: TradeBillType | undefined;
  /** Sub-merchant whose orders the bill has; default: those of all sub-merchants of a service provider. */
  readonly subMchid?: string | undefined;
}

/** Fund flow bill to download. */
export interface FundFlowRequest {
  /** Day in Beijing, `YYYY-MM-DD`: yesterday at the latest, three months ago at the earliest. */
  readonly date: string;
  /** Default `BASIC`. */
  readonly account?: FundAccount | undefined;
}

const TYPES: readonly TradeBillType[] = ['ALL', 'SUCCESS', 'REFUND'];
const ACCOUNTS: readonly FundAccount[] = ['BASIC', 'OPERATION', 'FEES'];
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const HOUR_MS = 3_600_000;
const BEIJING_OFFSET_MS = 8 * HOUR_MS;
/** Hour in Beijing at which the bill of the day before is ready. */
const READY_HOUR = 10;

/**
 * Checks a request for a trade bill.
 *
 * @param now milliseconds since the epoch
 * @returns a copy of the checked members, with defaults
 * @throws {WxPayInputError} naming the invalid field
 */
export function checkTradeBillRequest(
  request: TradeBillRequest,
  now: number,
): Required<Pick<TradeBillRequest, 'date' | 'type'>> & Pick<TradeBillRequest, 'subMchid'> {
  const { date, type = 'ALL', subMchid }: Partial<TradeBillRequest> = request ?? {};
  const checked = { date: checkDate(date, now), type: checkOneOf(TYPES, type, 'type') };
  return subMchid === undefined ? checked : { ...checked, subMchid: checkMchid(subMchid, 'subMchid') };
}

/**
 * Checks a request for a fund flow bill, as {@link checkTradeBillRequest} does.
 *
 * @throws {WxPayInputError} naming the invalid field
 */
export function checkFundFlowRequest(request: FundFlowRequest, now: number): Required<FundFlowRequest> {
  const { date, account = 'BASIC' }: Partial<FundFlowRequest> = request ?? {};
  return { date: checkDate(date, now), account: checkOneOf(ACCOUNTS, account, 'account') };
}

/** Returns the name of a trade bill for error messages. */
export function tradeBillSubject({ date, subMchid }: TradeBillRequest): string {
  return `trade bill of ${date}${subMchid === undefined ? '' : ` of sub-merchant ${subMchid}`}`;
}

/** Returns the name of a fund flow bill for error messages. */
export function fundFlowSubject({ date, account = 'BASIC' }: FundFlowRequest): string {
  return `fund flow bill of ${date} (account ${account})`;
}

function checkOneOf<T extends string>(allowed: readonly T[], value: unknown, field: string): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw new WxPayInputError(field, `must be one of ${allowed.join(', ')}.`);
  return found;
}

/** Checks the day of a bill. There is none before the day has ended; an empty one would look like a day without payments. */
function checkDate(date: unknown, now: number): string {
  const start = typeof date === 'string' && DATE.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (
    typeof date !== 'string' ||
    Number.isNaN(start) ||
    new Date(start).toISOString().slice(0, 10) !== date
  ) {
    throw new WxPayInputError('date', 'must be a day in Beijing, as YYYY-MM-DD.');
  }
  const nextDay = start - BEIJING_OFFSET_MS + 24 * HOUR_MS;
  if (now >= nextDay) return date;
  throw new WxPayInputError(
    'date',
    'must be a day that has ended in Beijing: its bill is ready the day after, from 10:00 on.',
    { retryAt: new Date(nextDay + READY_HOUR * HOUR_MS) },
  );
}
