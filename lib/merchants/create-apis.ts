import { readApiV3Key } from '../crypto/aes-gcm.js';
import { createNonce } from '../crypto/nonce.js';
import { SharedQueries } from '../domain/flows/shared-queries.js';
import type { OrderTerms } from '../domain/ports/apis.js';
import type { RefundApiTerms } from '../domain/ports/refund-api.js';
import type { PlacingTerms } from '../domain/placing/prepay-request.js';
import type { ReceiveLimits } from '../transport/receive.js';
import type { SigningSemaphore } from '../transport/signing-semaphore.js';
import type { TokenBucket } from '../transport/token-bucket.js';
import type { Transport } from '../transport/transport.js';
import type { AcceptedV2Replies } from '../v2/accepted-replies.js';
import { V2Authenticator } from '../v2/authenticator.js';
import { V2Downloads } from '../v2/downloads.js';
import { V2BillApi } from '../v2/apis/v2-bill-api.js';
import { V2NotificationReader } from '../v2/notification-reader.js';
import { V2CodePayApi } from '../v2/apis/v2-code-pay-api.js';
import { V2OrderApi } from '../v2/apis/v2-order-api.js';
import { V2RefundApi } from '../v2/apis/v2-refund-api.js';
import { V2PaySigner } from '../v2/pay-signer.js';
import { V2PrepayApi } from '../v2/apis/v2-prepay-api.js';
import { V2RequestApi } from '../v2/apis/v2-request-api.js';
import { V2ReverseApi } from '../v2/apis/v2-reverse-api.js';
import { V2SelfTestApi } from '../v2/apis/v2-self-test-api.js';
import { V2Pipeline } from '../v2/pipeline.js';
import type { AcceptedReplies } from '../v3/accepted-replies.js';
import { V3Authenticator } from '../v3/authenticator.js';
import { V3NotificationReader } from '../v3/notification-reader.js';
import { V3Downloads } from '../v3/downloads.js';
import { V3CodePayApi } from '../v3/apis/v3-code-pay-api.js';
import { V3CombineApi } from '../v3/apis/v3-combine-api.js';
import { V3BillApi } from '../v3/apis/v3-bill-api.js';
import { V3FilesApi } from '../v3/apis/v3-files-api.js';
import { V3OrderApi } from '../v3/apis/v3-order-api.js';
import { V3RefundApi } from '../v3/apis/v3-refund-api.js';
import { V3PaySigner } from '../v3/pay-signer.js';
import { V3PrepayApi } from '../v3/apis/v3-prepay-api.js';
import { V3RequestApi } from '../v3/apis/v3-request-api.js';
import { V3ReverseApi } from '../v3/apis/v3-reverse-api.js';
import { V3SelfTestApi } from '../v3/apis/v3-self-test-api.js';
import { V3SensitiveFieldsApi } from '../v3/apis/v3-sensitive-fields-api.js';
import { V3Pipeline } from '../v3/pipeline.js';
import { unsupported, type MerchantApis } from './apis.js';
import { expiryOf } from './client-certificate-option.js';
import type { ResolvedOptions, ResolvedV2Options, ResolvedV3Options } from './resolve-options.js';

/** Parts that the APIs of a merchant are built from. */
export interface ApiParts {
  readonly transport: Transport;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Limit of concurrent signatures in this process. */
  readonly signing: SigningSemaphore;
  /** Limit of the certificate downloads that unverified notifications cause. */
  readonly lookups: TokenBucket;
  /** Record of the accepted APIv3 replies that name no order. */
  readonly accepted: AcceptedReplies;
  /** Record of the accepted APIv2 replies that name no order. */
  readonly acceptedV2: AcceptedV2Replies;
}

export function createV3Apis(
  merchant: string,
  options: ResolvedV3Options,
  { transport, now, signing: semaphore, lookups, accepted }: ApiParts,
): MerchantApis {
  const {
    mchid,
    signer,
    verifier,
    codePayReverse,
    appid = codePayReverse?.appid,
    signingConcurrency: permits,
    timeoutMs,
  } = options;
  const signing = { semaphore, permits };
  const signs = { mchid, signer, signing, now, nonce: createNonce };
  const authenticator = new V3Authenticator({ ...signs, verifier });
  const parts = { merchant, mchid, transport, authenticator, now, accepted };
  const pipeline = new V3Pipeline(parts);
  const downloads = new V3Downloads(parts);
  const terms = termsOf(merchant, options);
  const orders = new V3OrderApi(pipeline, terms);
  const reversalWith = (from: string): V3ReverseApi => new V3ReverseApi({ pipeline, appid: from, terms });
  const reverse = appid === undefined ? undefined : reversalWith(appid);
  const codePay = new V3CodePayApi({ pipeline, terms: { ...terms, appid }, reversalWith });
  const requests = new V3RequestApi(pipeline);
  const files = new V3FilesApi({ pipeline, downloads, hosts: options.hosts });
  const bills = new V3BillApi({ merchant, pipeline, downloads, hosts: options.hosts });
  const sensitiveFields = new V3SensitiveFieldsApi({ merchant, signer, verifier, signing, timeoutMs });
  const refunds = new V3RefundApi({ pipeline, terms: refundTermsOf(terms, options), sensitiveFields });
  const sharedOrders = new SharedQueries(orders);
  const paySigner = new V3PaySigner({ ...signs, merchant, timeoutMs });
  const combine = new V3CombineApi({ pipeline, paySigner, terms });
  const prepay = new V3PrepayApi({ pipeline, paySigner, terms });
  const selfTest = new V3SelfTestApi(pipeline, createNonce);
  return {
    orders: () => orders,
    sharedOrders: () => sharedOrders,
    combine: () => combine,
    prepay: () => prepay,
    refunds: () => refunds,
    reversal:
      reverse === undefined
        ? unsupported(
            merchant,
            'Reversing over APIv3 needs the appid that 付款码 orders are placed with: set the option appid (WXPAY_APPID), or codePayReverse: { appid } (WXPAY_CODE_PAY_APPID).',
          )
        : () => reverse,
    codePay: () => codePay,
    requests: () => requests,
    bills: () => bills,
    files: () => files,
    sensitiveFields: () => sensitiveFields,
    notifications: v3Notifications(merchant, options, { now, lookups }),
    selfTest: () => selfTest,
    certificateExpiresAt: () => verifier.expiresAt?.(),
    clockOffsetMs: () => authenticator.clockOffsetMs,
  };
}

function v3Notifications(
  merchant: string,
  { mchid, apiV3Key, verifier, ...options }: ResolvedV3Options,
  { now, lookups }: Pick<ApiParts, 'now' | 'lookups'>,
): MerchantApis['notifications'] {
  if (apiV3Key === undefined) {
    return unsupported(
      merchant,
      'Notifications are encrypted with the APIv3 key: set the option apiV3Key (WXPAY_API_V3_KEY) to the one in the merchant console.',
    );
  }
  const reader = new V3NotificationReader({
    merchant,
    mchid,
    apiV3Key: readApiV3Key(apiV3Key),
    verifier,
    now,
    limits: limitsOf(options),
    maySeek: () => lookups.take(),
  });
  return () => reader;
}

export function createV2Apis(
  merchant: string,
  options: ResolvedV2Options,
  { transport, now, acceptedV2: accepted }: ApiParts,
): MerchantApis {
  const { mchid, appid, signer, clientCertificate, httpService, httpsAgent } = options;
  const signs = { merchant, mchid, signer, now, nonce: createNonce };
  const authenticator = new V2Authenticator({ ...signs, appid });
  const parts = { merchant, mchid, transport, authenticator, now, accepted };
  const pipeline = new V2Pipeline(parts);
  const bills = new V2BillApi(merchant, new V2Downloads(parts));
  const terms = termsOf(merchant, options);
  const orders = new V2OrderApi(pipeline, terms);
  const reverse = new V2ReverseApi(pipeline, terms);
  const paySigner = new V2PaySigner({ ...signs, timeoutMs: options.timeoutMs });
  const prepay = new V2PrepayApi({ pipeline, paySigner, terms });
  const codePay = new V2CodePayApi({
    pipeline,
    terms: { ...terms, appid },
    reversalWith: (of) => new V2ReverseApi(pipeline, terms, of),
  });
  const requests = new V2RequestApi(pipeline);
  const limits = limitsOf(options);
  const notifications = new V2NotificationReader({ merchant, mchid, signer, now, limits });
  // An agent of the app may have the certificate, which cannot be checked here.
  const hasCertificate = [clientCertificate, httpService, httpsAgent].some((each) => each !== undefined);
  const refunds = new V2RefundApi({
    pipeline,
    terms: refundTermsOf(terms, options),
    mayRefund: hasCertificate,
  });
  const sharedOrders = new SharedQueries(orders);
  const selfTest = new V2SelfTestApi(pipeline, createNonce);
  const certificateExpiresAt = expiryOf(clientCertificate);
  return {
    orders: () => orders,
    sharedOrders: () => sharedOrders,
    combine: unsupported(
      merchant,
      "Combine orders exist in APIv3 only: register the merchant with api: 'v3' under a name of its own and use its CombineOrderService.",
    ),
    reversal: hasCertificate ? () => reverse : unsupported(merchant, `Reversing needs ${CLIENT_CERTIFICATE}`),
    codePay: hasCertificate
      ? () => codePay
      : unsupported(
          merchant,
          `Paying by code needs the means to reverse orders that stay unpaid: ${CLIENT_CERTIFICATE}`,
        ),
    refunds: () => refunds,
    requests: () => requests,
    bills: () => bills,
    files: unsupported(
      merchant,
      "Files are uploaded and downloaded over APIv3 only: register the merchant with api: 'v3' under a name of its own and use its WxPayClient.",
    ),
    sensitiveFields: unsupported(
      merchant,
      "Sensitive fields are encrypted like this in APIv3 only: register the merchant with api: 'v3' under a name of its own and use its WxPayClient.",
    ),
    prepay: () => prepay,
    notifications: () => notifications,
    selfTest: () => selfTest,
    certificateExpiresAt: () => certificateExpiresAt,
    // Replies of APIv2 have no date.
    clockOffsetMs: () => undefined,
  };
}

const CLIENT_CERTIFICATE =
  "the merchant's client certificate: set clientCertificate to { cert, key } from apiclient_cert.pem and apiclient_key.pem.";

function limitsOf({
  timeoutMs,
  maxReplyBytes,
}: Pick<ResolvedOptions, 'timeoutMs' | 'maxReplyBytes'>): ReceiveLimits {
  return { timeoutMs, maxBytes: maxReplyBytes };
}

/** Picks the terms of an order API. Nothing else is passed on, because options contain keys. */
function termsOf(
  merchant: string,
  { hosts, timeoutMs, minOrderAgeMs, appid, notifyUrl }: ResolvedOptions,
): OrderTerms & PlacingTerms {
  return { merchant, hosts, timeoutMs, minOrderAgeMs, appid, notifyUrl };
}

function refundTermsOf(
  terms: OrderTerms,
  { refundNotifyUrl }: Pick<ResolvedOptions, 'refundNotifyUrl'>,
): RefundApiTerms {
  return { ...terms, refundNotifyUrl };
}
