// Orders
export type { CallOptions, SelfTestOptions } from './domain/options.js';
export type { CloseOrderRef, OrderKey, OrderRef, SubMerchantRef } from './domain/order-ref.js';
export { orderKey, type OrderIdentity } from './domain/order-key.js';
export type {
  Order,
  OrderAmount,
  OrderPayer,
  OrderPromotion,
  OrderPromotionGoods,
  OrderSceneInfo,
} from './domain/order.js';
export type { TradeState, TradeType } from './domain/trade-state.js';
export {
  combinedTradeState,
  type CombineCloseRequest,
  type CombineCloseSubOrder,
  type CombineOrder,
  type CombineSubOrder,
  type CombineSubOrderAmount,
} from './domain/combine-order.js';
export { CombineOrderService, type PlacedCombineOrder } from './orders/combine-order.service.js';
export { OrderCloseService } from './orders/order-close.service.js';
export { OrderQueryService } from './orders/order-query.service.js';
export { OrderReverseService } from './orders/order-reverse.service.js';
export { OrderSettleService } from './orders/order-settle.service.js';
export type { CloseOptions } from './domain/options.js';
export type { Reversal } from './domain/flows/reverse.js';
export type { ReverseOptions } from './domain/options.js';
export type { Settlement } from './domain/flows/settle.js';
export type { SettleOptions } from './domain/options.js';
export type { QueryOutcome } from './domain/flows/query-many.js';
export type { QueryManyOptions } from './domain/options.js';
export type { QueryOptions } from './domain/options.js';
export type { WatchOptions } from './domain/options.js';

// Refunds
export type {
  AbnormalRefundBank,
  AbnormalRefundReceiver,
  AbnormalRefundRef,
  AbnormalRefundRequest,
} from './domain/refunds/abnormal-refund-request.js';
export type { RefundRef } from './domain/refunds/refund-ref.js';
export type {
  RefundContent,
  RefundFundsAccount,
  RefundRequest,
  RefundRequestAmount,
} from './domain/refunds/refund-request.js';
export type {
  Refund,
  RefundAmount,
  RefundGoods,
  RefundPromotion,
  RefundSource,
  RefundStatus,
} from './domain/refunds/refund.js';
export { RefundService } from './refunds/refund.service.js';
// Paying by code
export { CodePayService } from './payments/code-pay.service.js';
export type { CodePayment } from './domain/flows/code-pay-findings.js';
export type { CodePayOptions } from './domain/options.js';
export type { CodePayRequest, CodePayStoreInfo } from './domain/placing/code-pay-request.js';

// Placing orders
export type {
  AppPay,
  JsapiPay,
  MiniProgramPay,
  PayKind,
  PayParameters,
  PaySignType,
} from './domain/placing/pay-parameters.js';
export type { PlacedOrder } from './domain/placing/placed-order.js';
export type { Prepay } from './domain/flows/place.js';
export type {
  AppPrepayRequest,
  H5PrepayRequest,
  LimitPay,
  PayerPrepayRequest,
  PrepayRequest,
} from './domain/placing/prepay-request.js';
export type {
  CombinePrepayRequest,
  CombinePrepaySubOrder,
  CombineSceneInfo,
  CombineSettleInfo,
  H5CombinePrepayRequest,
  PayerCombinePrepayRequest,
} from './domain/placing/combine-prepay-request.js';
export type { NewOrder, PrepayAmount, PrepaySettleInfo } from './domain/placing/order-content.js';
export type { PrepayDetail, PrepayGoods } from './domain/placing/order-detail.js';
export type { PrepayPayer } from './domain/placing/payer.js';
export type { H5Info, H5SceneInfo, PrepaySceneInfo, PrepayStoreInfo } from './domain/placing/scene-info.js';
export type { SignPayOptions } from './domain/options.js';
export { PrepayService } from './payments/prepay.service.js';

// Tracking orders
export type { SweepOptions } from './domain/options.js';
export { nextStep, type NextStep } from './domain/tracking/next-step.js';
export type { OrderProgress, TrackedOutcome } from './domain/tracking/order-progress.js';
export {
  nextRefundStep,
  refundProgressAfter,
  type NextRefundStep,
  type RefundProgress,
  type TrackedRefundOutcome,
} from './domain/tracking/next-refund-step.js';
export { progressAfter, type StepResult } from './domain/tracking/progress-after.js';
export {
  refundSettledEvent,
  type RefundSettledEvent,
  type SettledRefund,
} from './domain/tracking/refund-settled-event.js';
export {
  settledEvent,
  type OrderSettledEvent,
  type SettledFacts,
  type SettledOrder,
} from './domain/tracking/settled-event.js';
export type { SweepOutcome } from './domain/tracking/sweep.js';
export { checkTrackedOrder, type TrackedOrder } from './domain/tracking/tracked-order.js';
export { checkTrackedRefund, refundKey, type TrackedRefund } from './domain/tracking/tracked-refund.js';
export { OrderSweepService } from './orders/order-sweep.service.js';

// Bills
export { BillService } from './bills/bill.service.js';
export type {
  Bill,
  FundFlowRow,
  FundFlowSummary,
  TradeBillRow,
  TradeBillSummary,
} from './domain/bills/bill.js';
export type {
  FundAccount,
  FundFlowRequest,
  TradeBillRequest,
  TradeBillType,
} from './domain/bills/bill-request.js';
export { reconcile, type Discrepancy, type ShopOrder, type ShopOrders } from './domain/bills/reconcile.js';

// Any other endpoint
export { WxPayClient } from './client/wxpay-client.js';
export type { DownloadedFile, WxPayDownload, WxPayUpload } from './domain/files.js';
export type { EncryptedText, WxPayRequest, WxPayV2Request, WxPayV3Request } from './domain/request.js';

// Signing and verifying
export { CombinedVerifier } from './crypto/combined-verifier.js';
export type { KeyInput } from './crypto/pem.js';
export { PublicKeyVerifier } from './crypto/public-key-verifier.js';
export { RsaSigner } from './crypto/rsa-signer.js';
export { WxPaySigner } from './crypto/signer.js';
export { WxPayVerifier, type EncryptInput, type KeyQuery, type VerifyInput } from './crypto/verifier.js';
export {
  PlatformCertificateVerifier,
  type PlatformCertificateVerifierOptions,
} from './v3/platform-certificates/platform-certificate-verifier.js';
export { HmacSha256Signer } from './v2/signing/hmac-sha256-signer.js';
export { Md5Signer } from './v2/signing/md5-signer.js';
export { WxPayV2Signer } from './v2/signing/signer.js';
export type {
  ClientCertificate,
  ClientCertificatePair,
  ClientCertificatePfx,
} from './transport/http/client-certificate.js';
export type { WxPayHttpService } from './transport/http/axios-http-client.js';

// Module
export type { WxPayMerchantHealth } from './domain/merchant-health.js';
export { WxPayMerchant } from './merchants/merchant.js';
export { WxPayMerchants } from './merchants/merchants.js';
export { WxPayMerchantsModule } from './merchants/merchants.module.js';
export type { WxPayMerchantServices } from './merchants/services.js';
export type {
  WxPayCommonOptions,
  WxPayOptions,
  WxPayV2Options,
  WxPayV3Options,
} from './merchants/wxpay-options.js';
export { WxPayModule, type WxPayExtras } from './wxpay.module.js';
export { getWxPayToken, InjectWxPay } from './wxpay.tokens.js';

// Notifications
export type {
  IncomingNotification,
  NotificationHead,
  OtherNotification,
  OtherOriginalType,
  RefundNotification,
  TransactionNotification,
  WxPayNotification,
} from './domain/notification.js';
export type { NotificationMerchant } from './notifications/merchant-lookup.js';
export {
  Notification,
  VerifyNotification,
  type VerifyNotificationOptions,
} from './notifications/notification.decorators.js';

// Telemetry
export { WXPAY_CALL_CHANNEL } from './telemetry/call-channel.js';
export type { AttemptEvent, CallEvent, CallLabels, CallOutcome } from './telemetry/call-events.js';
export { WXPAY_CHANNELS } from './telemetry/channels.js';
export type {
  CertificatesEvent,
  FieldsLeftOutEvent,
  HostEvent,
  LostCompletionEvent,
  NotificationEvent,
  ReplyVerifiedEvent,
  SettlementEvent,
  SettlementOutcome,
  VerificationFailureEvent,
} from './telemetry/events.js';
export type { WxPayFailure, WxPayFailureType } from './telemetry/failure.js';

// Errors
export { ERROR_CATALOG, type CatalogEntry, type WxPayApiErrorKind } from './errors/catalog.js';
export type { CallContext } from './errors/call-context.js';
export { WxPayApiError, type WxPayApiErrorInit, type WxPayErrorDetail } from './errors/wxpay-api-error.js';
export { WxPayConfigError } from './errors/wxpay-config-error.js';
export { WxPayError, type WxPayErrorInit } from './errors/wxpay-error.js';
export { WxPayInputError } from './errors/wxpay-input-error.js';
export { WxPayProtocolError, type WxPayProtocolErrorInit } from './errors/wxpay-protocol-error.js';
export {
  WxPaySignatureError,
  type WxPaySignatureErrorInit,
  type WxPaySignatureFault,
} from './errors/wxpay-signature-error.js';
export { WxPayTransportError, type WxPayTransportErrorInit } from './errors/wxpay-transport-error.js';

// Errors to HTTP
export { toHttpException, type WxPayErrorBody } from './filters/to-http-exception.js';
export { WxPayExceptionFilter } from './filters/wxpay-exception.filter.js';
