import {
  type CatalogEntry,
  findError,
  MISCONFIGURED,
  NOT_PERMITTED,
  type WxPayApiErrorKind,
} from './catalog.js';

/** Facts of a refusal beside its code, and the call that was refused. */
export interface RefusalFacts {
  readonly code: string;
  readonly httpStatus: number;
  readonly operation: string;
  /** Object of the call; for other endpoints, method and path. */
  readonly subject: string;
  readonly field?: string;
  /** WeChat Pay's error text, followed by `detail.issue`. */
  readonly text: string;
}

/** Meaning of a code in some refusals only. */
export interface SpecialCase extends Pick<CatalogEntry, 'code' | 'kind' | 'status' | 'message' | 'remedy'> {
  /** Condition in words, for docs/errors.md. */
  readonly when: string;
  /** End of the names of the operations that the case is limited to, where another case has the same code and kind. */
  readonly operation?: string;
  readonly applies: (facts: RefusalFacts) => boolean;
}

const CREDENTIALS = { kind: 'credentials', status: 500, message: MISCONFIGURED } as const;

/** Matches the field, or the text if there is no field: real refusals often have no `detail`. */
const matchesFieldOrText =
  (field: RegExp, wording: RegExp) =>
  (facts: RefusalFacts): boolean =>
    facts.field === undefined ? wording.test(facts.text) : field.test(facts.field);

const WRONG_SERIAL = {
  ...CREDENTIALS,
  when: 'about `Wechatpay-Serial`',
  applies: ({ field, text }: RefusalFacts) => /wechatpay-serial/i.test(`${field} ${text}`),
  remedy:
    "Check publicKeyId (WXPAY_PUBLIC_KEY_ID): the identifier that the merchant console of this mchid shows beside the WeChat Pay public key, PUB_KEY_ID_…; it is not the serial number of the merchant's own certificate.",
};

const isOfRefund = ({ operation, subject, text }: RefusalFacts): boolean =>
  operation.startsWith('refund.') || /\/refund(s|query)?(\/|$)/.test(subject) || /退款/.test(text);

/** The order, or its earlier refunds, do not allow a refund. */
const NOT_REFUNDABLE_NOW = {
  kind: 'order-state',
  status: 409,
  message: 'The order cannot be refunded like this.',
  remedy:
    "Read WeChat Pay's own text: the order may be unpaid, older than a year, refunded in full or 50 times, or its outRefundNo used with other amounts. Query its refunds before deciding.",
} as const;

/** Texts with which WeChat Pay refuses a refund because of the order or its earlier refunds; the code is the same for all. */
const NOT_REFUNDABLE_TEXT = /全额退款|可退|不一致|次数|期限|一年|单状态|未支付|大于|超过/;

/**
 * Refusals whose field, text or operation is more specific than their code. The first matching case wins.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053279 a wrong Wechatpay-Serial
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012072670 the causes of SIGN_ERROR
 */
export const SPECIAL_CASES: readonly SpecialCase[] = [
  { code: 'PARAM_ERROR', ...WRONG_SERIAL },
  { code: 'INVALID_REQUEST', ...WRONG_SERIAL },
  {
    code: 'INVALID_REQUEST',
    kind: 'order-state',
    status: 409,
    message: 'The order number is already used.',
    when: 'about a number that was placed with different content',
    operation: '.prepay',
    applies: ({ operation, text }) => operation.endsWith('.prepay') && /订单号重复|重入/.test(text),
    remedy: 'Place the order with exactly the content of the first time, or use a new outTradeNo.',
  },
  {
    code: 'INVALID_REQUEST',
    kind: 'order-state',
    status: 409,
    message: 'The order number is already used.',
    when: 'about the number of a code payment that was used before',
    operation: '.codePay',
    applies: ({ operation, text }) => operation.endsWith('.codePay') && /订单号重复|重入/.test(text),
    remedy: 'The state of the order with this number decides. Use a new outTradeNo for another purchase.',
  },
  {
    code: 'SIGN_ERROR',
    ...CREDENTIALS,
    when: 'over APIv2',
    applies: ({ httpStatus }) => httpStatus === 200,
    remedy:
      'Check the APIv2 key (WXPAY_API_V2_KEY), which is not the APIv3 key, and that the sign type is the one of the signer.',
  },
  {
    code: 'SIGN_ERROR',
    ...CREDENTIALS,
    when: 'field `serial_no`',
    applies: matchesFieldOrText(/serial/i, /证书序列号|serial_no/i),
    remedy:
      'Check serialNo (WXPAY_SERIAL_NO): the serial number of the merchant API certificate that belongs to the private key, see "openssl x509 -in apiclient_cert.pem -noout -serial"; a renewed certificate has a new one.',
  },
  {
    code: 'SIGN_ERROR',
    ...CREDENTIALS,
    when: 'field `timestamp`',
    applies: matchesFieldOrText(/timestamp/i, /timestamp|时间戳/i),
    remedy:
      'Set the clock of this machine, with NTP for example: it may differ from the time of WeChat Pay by five minutes at most.',
  },
  {
    code: 'SIGN_ERROR',
    ...CREDENTIALS,
    when: 'field `mchid`',
    applies: matchesFieldOrText(/mchid/i, /商户号/),
    remedy:
      'Check mchid (WXPAY_MCHID): the merchant number to which the private key and its certificate belong.',
  },
  {
    code: 'SIGN_ERROR',
    ...CREDENTIALS,
    when: 'field `signature`',
    applies: matchesFieldOrText(/signature/i, /验签失败|sign not match/i),
    remedy:
      'Check that the private key (WXPAY_PRIVATE_KEY) belongs to the certificate with this serial number, that a signer of your own signs the message unchanged, and that no proxy changes path, query or body.',
  },
  {
    code: 'NO_AUTH',
    kind: 'permission',
    status: 500,
    message: NOT_PERMITTED,
    when: 'field `sub_mch_id`, over APIv2',
    applies: ({ field }) => field === 'sub_mch_id',
    remedy:
      'Pass the subMchid of the order: over APIv2 a service provider has to name a sub-merchant in each call, its self-test and health check included.',
  },
  {
    code: 'RESOURCE_NOT_EXISTS',
    ...CREDENTIALS,
    when: 'about platform certificates',
    applies: ({ operation, text }) => operation === 'certificates.download' || /平台证书/.test(text),
    remedy: 'The merchant has no platform certificate: use the WeChat Pay public key.',
  },
  {
    code: 'RESOURCE_NOT_EXISTS',
    kind: 'order-not-found',
    status: 404,
    message: 'The order does not exist.',
    when: 'of a refund, about its order',
    applies: (facts) => isOfRefund(facts) && /订单不存在/.test(facts.text),
    remedy:
      'Check the number of the order, and the merchant, sub_mchid included; sub-orders of a combine order are refunded by their own numbers.',
  },
  {
    code: 'RESOURCE_NOT_EXISTS',
    kind: 'refund-not-found',
    status: 404,
    message: 'The refund or its order does not exist.',
    when: 'of a refund',
    applies: isOfRefund,
    remedy:
      'Check the numbers of the refund and of its order, and the merchant, sub_mchid included. A refund that was requested a moment ago may need a second try.',
  },
  {
    code: 'INVALID_REQUEST',
    ...NOT_REFUNDABLE_NOW,
    when: 'of a refund, about its order, its amounts or earlier refunds',
    applies: (facts) => isOfRefund(facts) && NOT_REFUNDABLE_TEXT.test(facts.text),
  },
  {
    code: 'ERROR',
    ...NOT_REFUNDABLE_NOW,
    when: 'of a refund, over APIv2',
    applies: isOfRefund,
  },
  {
    code: 'NOT_ENOUGH',
    kind: 'order-state',
    status: 409,
    message: 'The customer has too little money for this payment.',
    when: 'of a code payment',
    applies: ({ operation, subject }) =>
      operation === 'order.codePay' || /\/(codepay|micropay)$/.test(subject),
    remedy: 'Have the customer choose another way to pay, and scan the code again under a new out_trade_no.',
  },
  {
    code: 'NOT_ENOUGH',
    kind: 'permission',
    status: 500,
    message: NOT_PERMITTED,
    when: 'of a query or a close, which move no money',
    applies: ({ operation }) => /\.(query|close)$/.test(operation),
    remedy: 'Ask WeChat Pay why it refuses this merchant number; quote the request ID.',
  },
];

/** Finds the meaning of a refusal: the catalog row of its code, or the special case that applies. */
export function findMeaning(facts: RefusalFacts): CatalogEntry {
  const entry = findError(facts.code, facts.httpStatus);
  return refine(entry, ({ applies }) => applies(facts));
}

/** Finds status and message by kind and operation, for a refusal whose text is no longer available. */
export function findMeaningOfKind({
  code,
  httpStatus,
  kind,
  operation,
}: Omit<RefusalFacts, 'subject' | 'text'> & { readonly kind: WxPayApiErrorKind }): Pick<
  CatalogEntry,
  'status' | 'message'
> {
  const entry = findError(code, httpStatus);
  return refine(entry, (special) => special.kind === kind && operation.endsWith(special.operation ?? ''));
}

function refine(entry: CatalogEntry, matches: (special: SpecialCase) => boolean): CatalogEntry {
  // HTTP 429 is a rate limit, whatever the code.
  if (entry.kind === 'rate-limited') return entry;
  const special = SPECIAL_CASES.find((each) => each.code === entry.code && matches(each));
  if (special === undefined) return entry;
  const { kind, status, message, remedy } = special;
  return { ...entry, kind, status, message, remedy };
}
