import { rows, type CatalogEntry } from './catalog-entry.js';

export type { CatalogEntry, WxPayApiErrorKind } from './catalog-entry.js';

const NOT_NOW = 'The order does not allow this now.';
/** Message for the app's client if the credentials are wrong. It contains nothing that an attacker could use. */
export const MISCONFIGURED = 'The payment service is misconfigured.';
/** Message for the app's client if WeChat Pay does not let the merchant do this. */
export const NOT_PERMITTED = 'The payment service lacks a permission.';
const REFUSED = 'WeChat Pay refused the request.';
const BUSY = 'WeChat Pay is busy. Try again later.';

const LOWER_RATE = 'Lower the request rate of this merchant.';
const REPEAT = 'Usually temporary. Check outcomeUnknown before you repeat a call that changes something.';

/**
 * Every error code of orders, refunds and bills, v3 and v2, with its meaning for the app. Codes whose meaning depends on the field, the
 * text or the operation also have a row in {@link SPECIAL_CASES}.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070356 query (v3)
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791860 close (v3)
 */
export const ERROR_CATALOG: readonly CatalogEntry[] = [
  ...rows({ kind: 'order-not-found', status: 404, retryable: false }, [
    [
      'ORDER_NOT_EXIST',
      'The order does not exist.',
      'Check the number and the merchant; a combine order is only found by the combine API. An order placed a moment ago may need a second try.',
    ],
  ]),
  ...rows({ kind: 'refund-not-found', status: 404, retryable: false }, [
    [
      'REFUNDNOTEXIST',
      'The refund does not exist.',
      'Check the numbers of the refund and of its order, and the merchant.',
    ],
  ]),
  ...rows({ kind: 'request', status: 404, retryable: false }, [
    [
      'RESOURCE_NOT_EXISTS',
      'The requested resource does not exist.',
      "Check the numbers in the path and the body, and the merchant; WeChat Pay's own text says which.",
    ],
  ]),
  ...rows({ kind: 'order-state', status: 409, retryable: false }, [
    ['ORDER_PAID', 'The order is already paid.', 'Query the order, then fulfil or refund it.'],
    [
      'ORDER_CLOSED',
      'The order is already closed.',
      'Nothing to do for a close; place a new order under a new number to collect the money.',
    ],
    [
      'ORDERREVERSED',
      'The order is already reversed.',
      'Nothing to do; place a new order under a new number to collect the money.',
    ],
    ['TRADE_ERROR', NOT_NOW, "Query the order before deciding; WeChat Pay's own text names the reason."],
    ['TRADE_STATE_ERROR', NOT_NOW, 'Query the order before deciding.'],
    ['REVERSE_EXPIRE', 'The order can no longer be reversed.', 'Refund it instead.'],
    [
      'TRADE_OVERDUE',
      'The order can no longer be refunded.',
      'It was paid more than a year ago: pay the customer back in another way.',
    ],
    [
      'USER_ACCOUNT_ABNORMAL',
      'The customer cannot be refunded.',
      'The account of the customer is closed or restricted: pay the customer back in another way.',
    ],
    [
      'REFUND_FEE_MISMATCH',
      'The refund contradicts an earlier one.',
      'The outRefundNo was used with other amounts, or the total is not that of the order: query the refund, and use a new outRefundNo for another refund.',
    ],
    [
      'REFUND_FEE_INVALID',
      'The order has less money left to refund.',
      'Query the refunds of the order: together they are at most its total.',
    ],
    ['OUT_TRADE_NO_USED', 'The order number is already used.', 'Use a new out_trade_no.'],
    [
      'BUYER_MISMATCH',
      'Another customer began to pay this order.',
      'Query the order; charge another customer under a new out_trade_no.',
    ],
    [
      'NOTSUPORTCARD',
      'The bank card of the customer cannot be used for this payment.',
      'Have the customer choose another card, and scan the code again under a new out_trade_no.',
    ],
  ]),
  ...rows({ kind: 'order-state', status: 409, retryable: true }, [
    ['USERPAYING', 'The customer is paying this order.', 'Wait 5 seconds, then query the order.'],
    [
      'ORDER_NOT_READY',
      'The order cannot be refunded yet.',
      'WeChat Pay still processes the order: send the same outRefundNo with the same content again later.',
    ],
  ]),
  ...rows({ kind: 'request', status: 400, retryable: false }, [
    ['INVALID_TRANSACTIONID', 'The WeChat Pay order number is invalid.', 'Check the transaction_id.'],
    [
      'OPENID_MISMATCH',
      'The payer does not belong to this app.',
      'Check which appid the openid was obtained for.',
    ],
    [
      'AUTHCODEEXPIRE',
      'The payment code has expired.',
      'Have the customer refresh the code, and scan it again under a new out_trade_no.',
    ],
    [
      'AUTH_CODE_ERROR',
      'The payment code is invalid.',
      'Have the customer refresh the code, and scan it again under a new out_trade_no.',
    ],
    [
      'AUTH_CODE_INVALID',
      'This is no payment code of WeChat Pay, or it was used before.',
      'Have the customer show the payment code of WeChat Pay, and scan it again under a new out_trade_no.',
    ],
  ]),
  ...rows({ kind: 'request', status: 500, retryable: false }, [
    [
      'PARAM_ERROR',
      'WeChat Pay refused a parameter.',
      "Correct the parameter that detail.field names; without one, WeChat Pay's own text names it.",
    ],
    ['INVALID_REQUEST', REFUSED, "Read WeChat Pay's own text: a header, the format or a business rule."],
    ['REQUIRE_POST_METHOD', REFUSED, 'A proxy may have changed the method; otherwise report it as a defect.'],
    ['XML_FORMAT_ERROR', REFUSED, 'A proxy may have changed the body; otherwise report it as a defect.'],
    ['LACK_PARAMS', 'A required parameter is missing.', "Read WeChat Pay's own text for its name."],
    [
      'POST_DATA_EMPTY',
      'WeChat Pay received no body.',
      'A proxy may have dropped the body; otherwise report it as a defect.',
    ],
    [
      'NOT_UTF8',
      'WeChat Pay could not read the body.',
      'A proxy may have changed the body; otherwise report it as a defect.',
    ],
  ]),
  ...rows({ kind: 'credentials', status: 500, retryable: false }, [
    [
      'SIGN_ERROR',
      MISCONFIGURED,
      'Check the clock, the private key and its certificate serial number, and that the APIv3 key is set in the merchant console; for APIv2, the APIv2 key and the sign type.',
    ],
    ['MCH_NOT_EXISTS', MISCONFIGURED, 'Check the configured mchid.'],
    ['MCHID_NOT_EXIST', MISCONFIGURED, 'Check the configured mchid.'],
    ['APPID_NOT_EXIST', MISCONFIGURED, 'Check the configured appid.'],
    ['APPID_MCHID_NOT_MATCH', MISCONFIGURED, 'Bind the appid to the mchid in the merchant console.'],
    [
      'CERT_ERROR',
      MISCONFIGURED,
      'Check clientCertificate (WXPAY_CLIENT_CERT): it may be that of another merchant, expired or revoked.',
    ],
  ]),
  ...rows({ kind: 'permission', status: 500, retryable: false }, [
    [
      'NO_AUTH',
      NOT_PERMITTED,
      'Enable the product, or the relation to the sub-merchant, in the merchant console.',
    ],
    ['ACCOUNT_ERROR', NOT_PERMITTED, 'Check the state of the merchant account.'],
  ]),
  ...rows({ kind: 'account', status: 500, retryable: false }, [
    [
      'NOT_ENOUGH',
      'The payment service cannot pay at present.',
      'The balance of the merchant account is too low: top it up, then send the same request again, for a refund under the same outRefundNo.',
    ],
  ]),
  ...rows({ kind: 'rate-limited', status: 503, retryable: true }, [
    ['FREQUENCY_LIMITED', BUSY, LOWER_RATE],
    ['RATELIMIT_EXCEEDED', BUSY, LOWER_RATE],
    ['RATE_LIMITED', BUSY, LOWER_RATE],
    [
      'RULE_LIMIT',
      'WeChat Pay restricts this for now. Try again later.',
      "Read WeChat Pay's own text: a business rule restricts the merchant or the order. Repeat the call later, not at once.",
    ],
  ]),
  ...rows({ kind: 'rate-limited', status: 503, retryable: true, retryAfterMs: 60_000 }, [
    [
      'INVALID_REQ_TOO_MUCH',
      BUSY,
      'WeChat Pay refused too many faulty requests: correct them, and wait a minute.',
    ],
  ]),
  ...rows({ kind: 'not-ready', status: 503, retryable: true, retryAfterMs: 1_800_000 }, [
    [
      'STATEMENT_CREATING',
      'The bill is not ready yet.',
      'Try again in half an hour: the bill of a day is ready the day after, from 10:00 in Beijing on.',
    ],
  ]),
  ...rows({ kind: 'request', status: 404, retryable: false }, [
    [
      'NO_STATEMENT_EXIST',
      'There is no bill for this day.',
      'Check the day and the account: a day without transactions has no bill.',
    ],
  ]),
  ...rows({ kind: 'gateway', status: 503, retryable: true }, [
    ['SYSTEM_ERROR', BUSY, REPEAT],
    ['BANK_ERROR', BUSY, REPEAT],
    ['SERVICE_UNAVAILABLE', BUSY, REPEAT],
    [
      'BIZERR_NEED_RETRY',
      BUSY,
      'WeChat Pay did not finish the refund: send the same outRefundNo with the same content again.',
    ],
  ]),
];

/** Row used for every code that the catalog does not list. */
export const UNKNOWN_ERROR: Omit<CatalogEntry, 'code'> = {
  kind: 'unknown',
  status: 502,
  retryable: false,
  message: 'WeChat Pay replied with an unknown error.',
  remedy: "Read WeChat Pay's own text; query the order before deciding.",
};

const bySpelling: ReadonlyMap<string, CatalogEntry> = new Map(
  ERROR_CATALOG.map((entry) => [normalise(entry.code), entry]),
);

/**
 * Finds the catalog row of a code in any of its spellings (`ORDERPAID`, `ORDER_PAID`). An unlisted code keeps its name and
 * gets kind `unknown`.
 *
 * @param httpStatus status of WeChat Pay's reply: 429 is a rate limit and 202 is retryable for every code; 5xx is retryable for
 *   an unlisted code
 */
export function findError(code: string, httpStatus = 400): CatalogEntry {
  const entry = bySpelling.get(normalise(code)) ?? { code, ...UNKNOWN_ERROR };
  if (httpStatus === 429 && entry.kind !== 'rate-limited') {
    return { ...findError('RATELIMIT_EXCEEDED'), code: entry.code };
  }
  const isRetryable = httpStatus === 202 || (entry.kind === 'unknown' && httpStatus >= 500);
  return isRetryable ? { ...entry, retryable: true } : entry;
}

/** Removes underscores and case: older pages write the same codes without underscores. */
function normalise(code: string): string {
  return code.replaceAll('_', '').toUpperCase();
}
