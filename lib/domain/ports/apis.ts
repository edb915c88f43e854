import type { CallOptions, SelfTestOptions } from '../options.js';
import type { ReceivedNotification, WxPayNotification } from '../notification.js';
import type { CloseOrderRef, OrderRef } from '../order-ref.js';
import type { Order } from '../order.js';
import type { DownloadedFile, WxPayDownload, WxPayUpload } from '../files.js';
import type { EncryptedText, WxPayRequest } from '../request.js';
import type { TradeType } from '../trade-state.js';
import type { CloseReply } from './close-reply.js';

/** Limits that a merchant sets for its calls and orders. */
export interface OrderTerms {
  /** The registered name of the merchant. */
  readonly merchant: string;
  /** Time limit of a call whose options set none, in milliseconds. */
  readonly timeoutMs: number;
  /** Origins of WeChat Pay, the preferred one first. */
  readonly hosts: readonly string[];
  /** Minimum age of an order that may be closed, in milliseconds. */
  readonly minOrderAgeMs: number;
}

/** Options of a call, with the host to use. Only flows choose a host; for the app, hosts are configuration. */
export interface HostCallOptions extends CallOptions {
  /** One of the merchant's hosts; any other is ignored. */
  readonly host?: string;
  /** The step of the flow that the call belongs to, for error messages. */
  readonly step?: string;
}

/** Returns the subject of a call for error messages, with the step of its flow if it has one. */
export function subjectOf(subject: string, { step }: HostCallOptions): string {
  return step === undefined ? subject : `${subject} (${step})`;
}

/** Operations on single orders. Each API has its implementation. */
export interface OrderApi {
  readonly terms: OrderTerms;
  query(ref: OrderRef, options?: HostCallOptions): Promise<Order>;
  close(ref: CloseOrderRef, options?: HostCallOptions): Promise<CloseReply>;
}

/** Options of one reversal. */
export interface ReverseCallOptions extends CallOptions {
  /** Type of the order, if known: orders paid by face (`FACEPAY`) have a separate endpoint in APIv2. */
  readonly tradeType?: TradeType;
}

/** The reply of WeChat Pay to one reversal. */
export interface ReverseReply {
  /** True if WeChat Pay asks for another reversal. */
  readonly recall: boolean;
  /** True if the reply names the order. Over APIv2 it names no order and no date, so that a replayed success looks the same. */
  readonly namesOrder: boolean;
}

/** Operations that a reversal needs. */
export interface ReverseApi extends Pick<OrderApi, 'terms' | 'query'> {
  /** Sends one reversal. */
  reverse(ref: OrderRef, options?: ReverseCallOptions): Promise<ReverseReply>;
}

/** Requests to endpoints that this package has no service for. */
export interface RequestApi {
  request(request: WxPayRequest, options?: CallOptions): Promise<unknown>;
}

/** Uploads and downloads of files. */
export interface FilesApi {
  upload(upload: WxPayUpload, options?: CallOptions): Promise<unknown>;
  download(download: WxPayDownload, options?: CallOptions): Promise<DownloadedFile>;
}

/** Test of the credentials of a merchant. */
export interface SelfTestApi {
  /** @throws {WxPayError} as any call does */
  selfTest(options?: SelfTestOptions): Promise<void>;
}

/** Encryption of the sensitive fields of requests and replies. */
export interface SensitiveFieldsApi {
  encrypt(text: string, options?: CallOptions): Promise<EncryptedText>;
  decrypt(ciphertext: string, options?: CallOptions): Promise<string>;
}

/** Reader of the notifications to one merchant. Each API has its implementation. */
export interface NotificationReader {
  /**
   * @param onVerified called once the notification is verified: a later failure is about a message that only WeChat Pay, or
   *   the owner of the keys, can send
   * @throws {WxPayError} if the notification cannot be verified, decrypted or decoded
   */
  read(received: ReceivedNotification, onVerified?: () => void): Promise<WxPayNotification>;
}
