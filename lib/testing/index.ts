export type {
  MockBehaviourScope,
  MockBehaviour,
  MockEncoding,
  MockError,
  MockFault,
  MockPaymentMoment,
  MockReply,
  NoChange as MockNoChange,
} from './faults/behaviour.js';
export type { MockBillRequest, MockBills } from './bills/bills.js';
export type { MockClientCertificate } from './keys/client-certificate.js';
export type { MockCodePayRefusal } from './orders/code-pay-refusals.js';
export type { MockCombineOrders } from './orders/combine-orders.js';
export type { MockCodePayment, MockCustomer } from './orders/customer.js';
export type { MockVerifierKind } from './keys/credentials.js';
export type { MockFaultKind, MockFaultPolicy } from './faults/fault-policy.js';
export type { MockWxPayKeys, MockWxPayKeysInput } from './keys/keys.js';
export type {
  MockCombineOrder,
  MockCombinePayment,
  MockCombineSubOrder,
  NewMockCombineOrder,
  NewMockCombineSubOrder,
} from './orders/mock-combine-order.js';
export type { MockOrder, MockOrderRef, MockPayment, NewMockOrder } from './orders/mock-order.js';
export { MockWxPayGateway } from './mock-wxpay-gateway.js';
export type { MockNotificationFault } from './notifications/notification-fault.js';
export type {
  MockNotificationOptions,
  MockNotificationReply,
  MockNotificationTerms,
  NoFault as MockNoFault,
} from './notifications/notification-options.js';
export type { MockNotifiedOrder } from './notifications/notifier.js';
export type { MockOrders } from './orders/orders.js';
export type { MockPlatformCertificate } from './keys/platform-certificate.js';
export type { MockFaultCounts } from './faults/random-faults.js';
export type { MockRefund, MockRefundOutcome, MockRefundRef, NewMockRefund } from './refunds/mock-refund.js';
export type { MockRefunds } from './refunds/refunds.js';
export type { MockRequest } from './faults/requests.js';
export type { MockWxPayGatewayOptions } from './start-options.js';
export type { ProblemDetail as MockErrorDetail } from './v3/problem.js';
