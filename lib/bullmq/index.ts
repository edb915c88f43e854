export { OrderTrackingModule } from './order-tracking.module.js';
export type { OrderTrackingExtras, OrderTrackingOptions, TrackingRateLimit } from './tracking-options.js';
export { OrderTracker } from './order-tracker.js';
export { OrderTrackingError } from './order-tracking-error.js';
export { OrderSettledHandler } from './order-settled-handler.js';
export type { TrackedPhase, TrackedRefundState, TrackedState } from './tracked-state.js';
export type { OrderSettledEvent, RefundSettledEvent } from '../index.js';
