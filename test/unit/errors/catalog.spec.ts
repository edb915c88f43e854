import { describe, expect, it } from '@jest/globals';
import {
  ERROR_CATALOG,
  findError,
  UNKNOWN_ERROR,
  type WxPayApiErrorKind,
} from '../../../lib/errors/catalog.js';

/** What the official pages list for the operations of orders, refunds and bills, in every spelling they use. */
const OFFICIAL: readonly (readonly [kind: WxPayApiErrorKind, status: number, codes: readonly string[]])[] = [
  ['order-not-found', 404, ['ORDER_NOT_EXIST', 'ORDERNOTEXIST']],
  ['refund-not-found', 404, ['REFUNDNOTEXIST']],
  ['request', 404, ['RESOURCE_NOT_EXISTS']],
  [
    'order-state',
    409,
    [
      'ORDER_PAID',
      'ORDERPAID',
      'ORDER_CLOSED',
      'ORDERCLOSED',
      'ORDERREVERSED',
      'TRADE_ERROR',
      'TRADE_STATE_ERROR',
      'USERPAYING',
      'REVERSE_EXPIRE',
      'OUT_TRADE_NO_USED',
      'BUYER_MISMATCH',
      'NOTSUPORTCARD',
      'TRADE_OVERDUE',
      'USER_ACCOUNT_ABNORMAL',
      'REFUND_FEE_MISMATCH',
      'REFUND_FEE_INVALID',
      'ORDER_NOT_READY',
    ],
  ],
  [
    'request',
    400,
    ['INVALID_TRANSACTIONID', 'OPENID_MISMATCH', 'AUTHCODEEXPIRE', 'AUTH_CODE_ERROR', 'AUTH_CODE_INVALID'],
  ],
  [
    'request',
    500,
    [
      'PARAM_ERROR',
      'INVALID_REQUEST',
      'REQUIRE_POST_METHOD',
      'XML_FORMAT_ERROR',
      'LACK_PARAMS',
      'POST_DATA_EMPTY',
      'NOT_UTF8',
    ],
  ],
  [
    'credentials',
    500,
    [
      'SIGN_ERROR',
      'SIGNERROR',
      'MCH_NOT_EXISTS',
      'MCHID_NOT_EXIST',
      'APPID_NOT_EXIST',
      'APPID_MCHID_NOT_MATCH',
      'CERT_ERROR',
    ],
  ],
  ['permission', 500, ['NO_AUTH', 'NOAUTH', 'ACCOUNT_ERROR', 'ACCOUNTERROR']],
  ['account', 500, ['NOT_ENOUGH', 'NOTENOUGH']],
  ['not-ready', 503, ['STATEMENT_CREATING']],
  ['request', 404, ['NO_STATEMENT_EXIST']],
  [
    'rate-limited',
    503,
    [
      'FREQUENCY_LIMITED',
      'RATELIMIT_EXCEEDED',
      'RATE_LIMITED',
      'RULE_LIMIT',
      'RULELIMIT',
      'INVALID_REQ_TOO_MUCH',
    ],
  ],
  [
    'gateway',
    503,
    ['SYSTEM_ERROR', 'SYSTEMERROR', 'BANK_ERROR', 'BANKERROR', 'SERVICE_UNAVAILABLE', 'BIZERR_NEED_RETRY'],
  ],
];

const OFFICIAL_CODES = OFFICIAL.flatMap(([kind, status, codes]) =>
  codes.map((code) => ({ code, kind, status })),
);

describe('ERROR_CATALOG', () => {
  it.each(OFFICIAL_CODES)('lists $code as $kind with $status', ({ code, kind, status }) => {
    expect(findError(code)).toMatchObject({ kind, status });
  });

  it('has no row that the official pages do not list', () => {
    const official = new Set(OFFICIAL_CODES.map(({ code }) => code));

    expect(ERROR_CATALOG.filter(({ code }) => !official.has(code))).toEqual([]);
  });

  it('has no two rows for one code', () => {
    const spellings = ERROR_CATALOG.map(({ code }) => code.replaceAll('_', ''));

    expect(new Set(spellings).size).toBe(ERROR_CATALOG.length);
  });

  it('has no status 401, 403 or 429, which would blame the client', () => {
    expect(new Set(ERROR_CATALOG.map(({ status }) => status))).toEqual(new Set([400, 404, 409, 500, 503]));
  });

  it('marks transient failures as retryable', () => {
    expect(
      ERROR_CATALOG.filter(({ retryable }) => retryable)
        .map(({ code }) => code)
        .toSorted(),
    ).toEqual([
      'BANK_ERROR',
      'BIZERR_NEED_RETRY',
      'FREQUENCY_LIMITED',
      'INVALID_REQ_TOO_MUCH',
      'ORDER_NOT_READY',
      'RATELIMIT_EXCEEDED',
      'RATE_LIMITED',
      'RULE_LIMIT',
      'SERVICE_UNAVAILABLE',
      'STATEMENT_CREATING',
      'SYSTEM_ERROR',
      'USERPAYING',
    ]);
  });

  it.each([...ERROR_CATALOG, { code: 'a code of the future', ...UNKNOWN_ERROR }])(
    'says what $code means and what to do, in whole sentences',
    (entry) => {
      expect(entry.message).toMatch(/^[A-Z].*\.$/);
      expect(entry.remedy).toMatch(/^[A-Z].*\.$/);
    },
  );
});

describe('findError', () => {
  it.each([
    ['ORDERPAID', 'ORDER_PAID'],
    ['ORDERCLOSED', 'ORDER_CLOSED'],
    ['ORDER_REVERSED', 'ORDERREVERSED'],
    ['SYSTEMERROR', 'SYSTEM_ERROR'],
    ['order_not_exist', 'ORDER_NOT_EXIST'],
  ])('finds %s under its current spelling %s', (spelling, code) => {
    expect(findError(spelling).code).toBe(code);
  });

  it('keeps the name of a code that is not listed', () => {
    expect(findError('BRAND_NEW')).toMatchObject({
      code: 'BRAND_NEW',
      kind: 'unknown',
      status: 502,
      retryable: false,
    });
  });

  it.each(['SLOW_DOWN', 'SYSTEM_ERROR', 'ORDER_NOT_EXIST'])(
    'treats %s with HTTP 429 as a rate limit',
    (code) => {
      expect(findError(code, 429)).toMatchObject({
        code,
        kind: 'rate-limited',
        status: 503,
        retryable: true,
      });
    },
  );

  it.each(['RULE_LIMIT', 'INVALID_REQ_TOO_MUCH'])('keeps what %s says of a rate, with HTTP 429', (code) => {
    expect(findError(code, 429)).toEqual(findError(code));
    expect(findError(code, 429).remedy).not.toBe(findError('RATELIMIT_EXCEEDED').remedy);
  });

  it.each([
    ['BRAND_NEW', 400, false],
    ['BRAND_NEW', 500, true],
    ['BRAND_NEW', 202, true],
    ['SIGN_ERROR', 500, false],
    ['ORDER_PAID', 202, true],
  ])('returns for %s with HTTP %d the row with retryable: %s', (code, httpStatus, retryable) => {
    expect(findError(code, httpStatus).retryable).toBe(retryable);
  });

  it.each(['', '__proto__', 'constructor'])('treats %p as an unknown code', (code) => {
    expect(findError(code).kind).toBe('unknown');
  });
});
