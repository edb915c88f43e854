export type {
  MockBehaviourScope,
  MockBehaviour,
  MockEncoding,
  MockError,
  MockFault,
  MockPaymentMoment,
  MockReply,
  NoChange as MockNoChange,
} from './behaviour.js';
export type { MockClientCertificate } from './client-certificate.js';
export type { MockCombineOrders } from './combine-orders.js';
export type { MockVerifierKind } from './credentials.js';
export type { MockFaultKind, MockFaultPolicy } from './fault-policy.js';
export type { MockWxPayKeys, MockWxPayKeysInput } from './keys.js';
export type {
  MockCombineOrder,
  MockCombinePayment,
  MockCombineSubOrder,
  NewMockCombineOrder,
  NewMockCombineSubOrder,
} from './mock-combine-order.js';
export type { MockOrder, MockOrderRef, MockPayment, NewMockOrder } from './mock-order.js';
export { MockWxPayGateway } from './mock-wxpay-gateway.js';
export type { MockNotificationFault } from './notification-fault.js';
export type {
  MockNotificationOptions,
  MockNotificationReply,
  MockNotificationTerms,
  NoFault as MockNoFault,
} from './notification-options.js';
export type { MockNotifiedOrder } from './notifier.js';
export type { MockOrders } from './orders.js';
export type { MockPlatformCertificate } from './platform-certificate.js';
export type { MockFaultCounts } from './random-faults.js';
export type { MockRequest } from './requests.js';
export type { MockWxPayGatewayOptions } from './start-options.js';
export type { ProblemDetail as MockErrorDetail } from './v3/problem.js';
