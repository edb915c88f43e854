import type { CallOptions } from '../options.js';
import type { CombineCloseRequest, CombineOrder } from '../combine-order.js';
import type { ReceivedNotification, WxPayNotification } from '../notification.js';
import type { CloseOrderRef, OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { WxPayRequest } from '../request.js';
import type { TradeType } from '../trade-state.js';
import type { CloseReply } from './close-reply.js';

/** Limits that a merchant sets for its calls and orders. */
export interface OrderTerms {
  /** The name under which the merchant is registered. */
  readonly merchant: string;
  /** Time limit of a call whose options set none, in milliseconds. */
  readonly timeoutMs: number;
  /** Origins of WeChat Pay, the preferred one first. */
  readonly hosts: readonly string[];
  /** Minimum age of an order that may be closed, in milliseconds. */
  readonly minOrderAgeMs: number;
}

/** Options of a call that one host is to answer by itself. Hosts are configuration: callers of services name none. */
export interface HostCallOptions extends CallOptions {
  /** One of the hosts of the merchant; any other is ignored. */
  readonly host?: string;
  /** The step of the flow that the call belongs to, for error messages. */
  readonly step?: string;
}

/** Names the subject of a call for error messages, with the step of its flow if it has one. */
export function subjectOf(subject: string, { step }: HostCallOptions): string {
  return step === undefined ? subject : `${subject} (${step})`;
}

/** The operations on single orders. One implementation for each API. */
export interface OrderApi {
  readonly terms: OrderTerms;
  query(ref: OrderRef, options?: HostCallOptions): Promise<Order>;
  close(ref: CloseOrderRef, options?: HostCallOptions): Promise<CloseReply>;
}

/** The operations on combine orders. */
export interface CombineApi extends Pick<OrderApi, 'terms'> {
  query(combineOutTradeNo: string, options?: CallOptions): Promise<CombineOrder>;
  close(request: CombineCloseRequest, options?: CallOptions): Promise<CloseReply>;
}

/** Options of one reversal. */
export interface ReverseCallOptions extends CallOptions {
  /** Type of the order, if that is known: orders paid by face (`FACEPAY`) have an endpoint of their own in APIv2. */
  readonly tradeType?: TradeType;
}

/** The reply of WeChat Pay to one reversal. */
export interface ReverseReply {
  /** WeChat Pay's wish to be asked again. */
  readonly recall: boolean;
  /** True if the reply is bound to the order. APIv2 names no order and no date: any success of the past looks the same. */
  readonly namesOrder: boolean;
}

/** The operations that reversing an order takes. */
export interface ReverseApi extends Pick<OrderApi, 'terms' | 'query'> {
  /** Asks once. */
  reverse(ref: OrderRef, options?: ReverseCallOptions): Promise<ReverseReply>;
}

/** Requests to endpoints that this package has no service for. */
export interface RequestApi {
  request(request: WxPayRequest, options?: CallOptions): Promise<unknown>;
}

/** Reads the notifications to one merchant. One implementation for each API. */
export interface NotificationReader {
  /** @throws {WxPayError} if it cannot be verified, read or understood */
  read(received: ReceivedNotification): Promise<WxPayNotification>;
}
