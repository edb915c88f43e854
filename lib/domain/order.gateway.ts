import type { CallOptions } from './call-options.js';
import type { CloseOrderRef, OrderRef } from './order-ref.js';
import type { Order } from './order.js';

/** What a merchant's calls and orders are held to. */
export interface OrderTerms {
  /** The name under which the merchant is registered. */
  readonly merchant: string;
  /** What a call may take if its options do not say, in milliseconds. */
  readonly timeoutMs: number;
  /** Origins of WeChat Pay, the preferred one first. */
  readonly hosts: readonly string[];
  /** How old an order must be before it is closed, in milliseconds. */
  readonly minOrderAgeMs: number;
}

/** Options of a call that one host is to answer by itself. Hosts are configuration: callers of services name none. */
export interface HostCallOptions extends CallOptions {
  /** One of the hosts of the merchant; any other is ignored. */
  readonly host?: string;
  /** Which step of a flow it is, for the messages of errors. */
  readonly step?: string;
}

/** How errors name what a call is about, as a step of a flow if it is one. */
export function subjectOf(subject: string, { step }: HostCallOptions): string {
  return step === undefined ? subject : `${subject} (${step})`;
}

/** What the order services need from an API of WeChat Pay. One implementation for each API. */
export interface OrderGateway {
  readonly terms: OrderTerms;
  query(ref: OrderRef, options?: HostCallOptions): Promise<Order>;
  close(ref: CloseOrderRef, options?: HostCallOptions): Promise<void>;
}
