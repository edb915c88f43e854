/** What a WeChat Pay error code is about; decides the HTTP status and what the caller can do. */
export type WxPayApiErrorKind =
  | 'order-not-found'
  | 'order-state'
  | 'rate-limited'
  | 'credentials'
  | 'permission'
  | 'request'
  | 'gateway'
  | 'unknown';

/** One row of the error catalog. */
export interface CatalogEntry {
  /** The spelling of the current APIv3 pages; other spellings are found through {@link findError}. */
  readonly code: string;
  readonly kind: WxPayApiErrorKind;
  /** The HTTP status for the client of the app, not the one that WeChat Pay answered. */
  readonly status: number;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  /** What happened, for the client of the app: no internals. */
  readonly message: string;
  /** What the person on call does next. */
  readonly remedy: string;
}

const row = (
  code: string,
  kind: WxPayApiErrorKind,
  status: number,
  message: string,
  remedy: string,
  retryable = false,
): CatalogEntry => ({ code, kind, status, retryable, message, remedy });

const later = (code: string, kind: WxPayApiErrorKind, message: string, remedy: string): CatalogEntry =>
  row(code, kind, 503, message, remedy, true);

const MISCONFIGURED = 'The payment service is misconfigured.';
const BUSY = 'WeChat Pay is busy. Try again later.';

/**
 * Every error code of the order APIs, v3 and v2, with what it means for the app.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356 query (v3)
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860 close (v3)
 */
export const ERROR_CATALOG: readonly CatalogEntry[] = [
  row(
    'ORDER_NOT_EXIST',
    'order-not-found',
    404,
    'The order does not exist.',
    'Check the number and the merchant; a combine order is only found by the combine API. An order placed a moment ago may need a second try.',
  ),
  row(
    'ORDER_PAID',
    'order-state',
    409,
    'The order is already paid.',
    'Query the order, then fulfil or refund it.',
  ),
  row(
    'ORDER_CLOSED',
    'order-state',
    409,
    'The order is already closed.',
    'Nothing to do for a close; place a new order under a new number to collect the money.',
  ),
  row(
    'ORDERREVERSED',
    'order-state',
    409,
    'The order is already reversed.',
    'Nothing to do; place a new order under a new number to collect the money.',
  ),
  row(
    'TRADE_ERROR',
    'order-state',
    409,
    'The order does not allow this now.',
    "Query the order before deciding; WeChat Pay's own text names the reason.",
  ),
  row(
    'TRADE_STATE_ERROR',
    'order-state',
    409,
    'The order does not allow this now.',
    'Query the order before deciding.',
  ),
  row(
    'USERPAYING',
    'order-state',
    409,
    'The customer is paying this order.',
    'Wait 5 seconds, then query the order.',
    true,
  ),
  row('REVERSE_EXPIRE', 'order-state', 409, 'The order can no longer be reversed.', 'Refund it instead.'),
  row(
    'OUT_TRADE_NO_USED',
    'order-state',
    409,
    'The order number is already used.',
    'Use a new out_trade_no.',
  ),
  row(
    'INVALID_TRANSACTIONID',
    'request',
    400,
    'The WeChat Pay order number is invalid.',
    'Check the transaction_id.',
  ),
  row(
    'OPENID_MISMATCH',
    'request',
    400,
    'The payer does not belong to this app.',
    'Check which appid the openid was obtained for.',
  ),
  later('FREQUENCY_LIMITED', 'rate-limited', BUSY, 'Lower the request rate of this merchant.'),
  later('RATELIMIT_EXCEEDED', 'rate-limited', BUSY, 'Lower the request rate of this merchant.'),
  later('RATE_LIMITED', 'rate-limited', BUSY, 'Lower the request rate of this merchant.'),
  later(
    'RULE_LIMIT',
    'rate-limited',
    'WeChat Pay restricts this for now. Try again later.',
    "Read WeChat Pay's own text; a business rule may restrict the merchant or the order.",
  ),
  row(
    'PARAM_ERROR',
    'request',
    500,
    'WeChat Pay refused a parameter.',
    'Correct the parameter that detail.field names.',
  ),
  row(
    'INVALID_REQUEST',
    'request',
    500,
    'WeChat Pay refused the request.',
    "Read WeChat Pay's own text: a header, the format or a business rule.",
  ),
  row(
    'REQUIRE_POST_METHOD',
    'request',
    500,
    'WeChat Pay refused the request.',
    'A proxy may have changed the method; otherwise report it as a defect.',
  ),
  row(
    'XML_FORMAT_ERROR',
    'request',
    500,
    'WeChat Pay refused the request.',
    'A proxy may have changed the body; otherwise report it as a defect.',
  ),
  row(
    'LACK_PARAMS',
    'request',
    500,
    'WeChat Pay misses a parameter.',
    "Read WeChat Pay's own text for its name.",
  ),
  row(
    'POST_DATA_EMPTY',
    'request',
    500,
    'WeChat Pay received no body.',
    'A proxy may have dropped the body; otherwise report it as a defect.',
  ),
  row(
    'NOT_UTF8',
    'request',
    500,
    'WeChat Pay could not read the body.',
    'A proxy may have changed the body; otherwise report it as a defect.',
  ),
  row(
    'SIGN_ERROR',
    'credentials',
    500,
    MISCONFIGURED,
    'Check the clock, the private key and its certificate serial number, and that the APIv3 key is set in the merchant console.',
  ),
  row('MCH_NOT_EXISTS', 'credentials', 500, MISCONFIGURED, 'Check the configured mchid.'),
  row('MCHID_NOT_EXIST', 'credentials', 500, MISCONFIGURED, 'Check the configured mchid.'),
  row('APPID_NOT_EXIST', 'credentials', 500, MISCONFIGURED, 'Check the configured appid.'),
  row(
    'APPID_MCHID_NOT_MATCH',
    'credentials',
    500,
    MISCONFIGURED,
    'Bind the appid to the mchid in the merchant console.',
  ),
  row(
    'RESOURCE_NOT_EXISTS',
    'credentials',
    500,
    MISCONFIGURED,
    'The merchant has no platform certificate: use the WeChat Pay public key.',
  ),
  row(
    'NO_AUTH',
    'permission',
    500,
    'The payment service lacks a permission.',
    'Enable the product, or the relation to the sub-merchant, in the merchant console.',
  ),
  row(
    'ACCOUNT_ERROR',
    'permission',
    500,
    'The payment service lacks a permission.',
    'Check the state of the merchant account.',
  ),
  row(
    'NOT_ENOUGH',
    'permission',
    500,
    'The payment service lacks a permission.',
    'Check the balance of the merchant account.',
  ),
  later(
    'SYSTEM_ERROR',
    'gateway',
    BUSY,
    'Repeat the call with the same parameters; the outcome of a close is unknown until a query tells.',
  ),
  later(
    'BANK_ERROR',
    'gateway',
    BUSY,
    'Repeat the call with the same parameters; the outcome of a close is unknown until a query tells.',
  ),
  later('SERVICE_UNAVAILABLE', 'gateway', BUSY, 'Repeat the call with the same parameters.'),
];

const UNKNOWN: Omit<CatalogEntry, 'code'> = {
  kind: 'unknown',
  status: 502,
  retryable: false,
  message: 'WeChat Pay gave an answer that the payment service does not know.',
  remedy: "Read WeChat Pay's own text; query the order before deciding.",
};

const bySpelling = new Map(ERROR_CATALOG.map((entry) => [normalise(entry.code), entry]));

/**
 * Finds the catalog row of a code in any of its spellings (`ORDERPAID`, `ORDER_PAID`); a code that is not listed
 * keeps its name and is of kind `unknown`.
 */
export function findError(code: string): CatalogEntry {
  return bySpelling.get(normalise(code)) ?? { code, ...UNKNOWN };
}

/** Older pages write the same codes without underscores. */
function normalise(code: string): string {
  return code.replaceAll('_', '').toUpperCase();
}

/**
 * What the number at the end of a `Request-ID` says, as far as it is known; for log lines, never for decisions.
 *
 * @see https://github.com/wechatpay-apiv3/wechatpay-skills
 */
export const REASON_CODES: Readonly<Record<string, string>> = {
  '268512771': 'no such order',
  '268449538': 'already paid',
  '268498689': 'already paid',
  '268447914': 'expired or closed',
  '268449641': 'cannot be closed, reverse it',
  '268447843': 'the merchant does not own this order',
  '268447845': 'the sub-merchant does not own this order',
  '268447840': 'too many requests',
  '268443699': 'wrong signature',
  '268443715': 'merchant disabled',
  '268435461': 'bad parameter',
  '270924358': 'superfluous parameter',
};
