import type { KeyObject } from 'node:crypto';
import { DecryptionError } from '../crypto/aes-gcm.js';
import type { VerifyInput, WxPayVerifier } from '../crypto/verifier.js';
import type { OrderIdentity } from '../domain/order-key.js';
import type { ReceivedNotification, WxPayNotification } from '../domain/notification.js';
import type { NotificationReader } from '../domain/ports/apis.js';
import type { CallContext } from '../errors/call-context.js';
import { redact } from '../errors/redact.js';
import { WxPayConfigError } from '../errors/wxpay-config-error.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../errors/wxpay-transport-error.js';
import { LeftOutFields } from '../telemetry/left-out-fields.js';
import { messageOfOtherApi } from '../transport/message-of-other-api.js';
import { receive, type ReceiveLimits } from '../transport/receive.js';
import {
  decodeNotification,
  decodeResource,
  decryptResource,
  ForeignOrder,
  type DecodedResource,
} from './decode-notification.js';
import { parseJson, UnexpectedJson } from './json.js';
import { MessageVerifier, type MessageWording } from './message-verifier.js';

export interface V3NotificationReaderOptions {
  readonly merchant: string;
  readonly mchid: string;
  readonly apiV3Key: KeyObject;
  readonly verifier: WxPayVerifier;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits: ReceiveLimits;
  /** Allows a lookup of an unknown serial number; see {@link VerifyInput}. */
  readonly maySeek?: () => boolean;
}

const NOTIFICATION: MessageWording = {
  nameOf: ({ subject }) => `A notification to ${subject}`,
  afterProbe: 'Refuse it: WeChat Pay sends one with a valid signature after it',
  afterMismatch: 'the body is verified as it was received: no proxy, middleware or parser may write it anew',
};

/** A combine order of 50 sub-orders with two coupons each has 80 kB. Before verification, the body is only hashed. */
const MAX_BYTES = 262_144;

/** Reads notifications of APIv3, in this order: verify → decode → decrypt → decode. */
export class V3NotificationReader implements NotificationReader {
  readonly #options: V3NotificationReaderOptions;
  readonly #messages: MessageVerifier;

  constructor(options: V3NotificationReaderOptions) {
    const { now, maySeek } = options;
    this.#options = options;
    this.#messages = new MessageVerifier({
      verifier: withUnverifiableErrors(options),
      now,
      maySeek,
      wording: NOTIFICATION,
    });
  }

  /**
   * Reads a notification.
   *
   * @throws {WxPaySignatureError} if WeChat Pay did not send it, or did not send it just now
   * @throws {WxPayConfigError} if the APIv3 key does not decrypt it, or if the verifier lacks a key because of its configuration
   * @throws {WxPayProtocolError} if it is verified, but differs from the documentation or belongs to another merchant
   * @throws {WxPayTransportError} if the verifier failed, so that the notification could not be verified
   */
  read({ headers, body }: ReceivedNotification, onVerified?: () => void): Promise<WxPayNotification> {
    const { merchant, limits } = this.#options;
    const call: CallContext = { operation: 'notification', subject: `merchant "${merchant}"`, merchant };
    return receive(call, body, { ...limits, maxNotificationBytes: MAX_BYTES }, async (exchange) => {
      const received = { headers: byLowerCase(headers), body };
      if (isOfApiV2(received)) throw ofOtherApi(call);
      const signedAt = await this.#messages.verify(received, exchange);
      onVerified?.();
      return this.#decode(body, call, signedAt);
    });
  }

  #decode(body: Uint8Array, call: CallContext, signedAt: Date): WxPayNotification {
    const { merchant, apiV3Key, mchid } = this.#options;
    const leftOut = new LeftOutFields();
    const envelope = withNotificationContext({ call }, () => parseJson(body));
    const encrypted = withNotificationContext({ call, raw: envelope }, () =>
      decodeNotification(envelope, leftOut),
    );
    const { id, eventType, createdAt = signedAt } = encrypted;
    const json = withNotificationContext({ call, id, raw: envelope }, () =>
      decryptResource(encrypted, apiV3Key),
    );
    const decoded = withNotificationContext({ call, id, raw: json }, () =>
      decodeResource(json, encrypted, { mchid, leftOut }),
    );
    const identity = identityOf(decoded);
    if (identity !== undefined) leftOut.publish(call, identity);
    return { merchant, id, eventType, createdAt, ...decoded };
  }
}

/**
 * Wraps the verifier so that its own failures, such as a failed download of certificates, are reported as "could not be
 * verified now", never as an invalid signature.
 */
function withUnverifiableErrors({
  verifier,
  merchant,
}: V3NotificationReaderOptions): Pick<WxPayVerifier, 'verify'> {
  return {
    verify: async (input: VerifyInput) => {
      try {
        return await verifier.verify(input);
      } catch (error) {
        if (!(error instanceof WxPayError) || isConclusive(error)) throw error;
        throw new WxPayTransportError(
          `A notification to merchant "${merchant}" could not be checked, so WeChat Pay sends it again: ${error.message}`,
          { merchant, cause: error },
        );
      }
    },
  };
}

/** Tells whether an error already states the result: the notification is not WeChat Pay's, or it cannot be verified now. */
function isConclusive(error: WxPayError): boolean {
  if (error instanceof WxPaySignatureError) {
    return error.reason === 'unknown-serial' && error.cause === undefined;
  }
  return error instanceof WxPayTransportError || error instanceof WxPayConfigError;
}

/**
 * Tells whether a notification is of APIv2: XML, by content type if the app did not read the body, without a signature
 * header.
 */
function isOfApiV2({
  headers,
  body,
}: {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}): boolean {
  if (headers.has('wechatpay-signature')) return false;
  const isXml = /\bxml\b/i.test(headers.get('content-type') ?? '');
  return (
    isXml ||
    Buffer.from(body.subarray(0, 64))
      .toString('latin1')
      .trimStart()
      .match(/^<(?:\?xml|xml)\b/) !== null
  );
}

function ofOtherApi({ subject, merchant }: CallContext): WxPaySignatureError {
  return new WxPaySignatureError(
    'missing',
    `A notification to ${subject} could not be verified: ${messageOfOtherApi('v2')}.`,
    { merchant },
  );
}

/** Converts headers to lower-case names. A repeated header becomes one value with commas, as HTTP defines it. */
function byLowerCase(headers: ReceivedNotification['headers']): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    const earlier = values.get(key);
    values.set(key, [...(earlier === undefined ? [] : [earlier]), value].flat().join(','));
  }
  return values;
}

/** Identifies the order that a notification is about; undefined if it is about no order. */
function identityOf({ originalType, resource }: DecodedResource): OrderIdentity | undefined {
  if (originalType === 'refund') return resource;
  if (originalType !== 'transaction') return undefined;
  return 'combineOutTradeNo' in resource ? { outTradeNo: resource.combineOutTradeNo } : resource;
}

/** Name and content of a notification, for errors. */
interface NotificationContext {
  readonly call: CallContext;
  readonly id?: string;
  /** Verified content, as far as it could be read. */
  readonly raw?: unknown;
}

/** Adds the name of the notification to errors of reading it. */
function withNotificationContext<T>(
  { call: { subject, merchant }, id, raw }: NotificationContext,
  read: () => T,
): T {
  const name = id === undefined ? '' : ` ${redact(id)}`;
  try {
    return read();
  } catch (error) {
    if (error instanceof DecryptionError && error.likelyCause === 'key') {
      throw new WxPayConfigError([`apiV3Key does not fit: notification${name} ${error.message}.`], {
        merchant,
      });
    }
    const [path, problem] = faultOf(error);
    const verdict =
      error instanceof ForeignOrder
        ? `belongs to another merchant. Check the notify_url of its orders, and the mchid of ${subject}.`
        : `is not what its documentation promises: ${problem} Query the order; if it persists, update this package or report it.`;
    throw new WxPayProtocolError(
      path,
      `Notification${name} to ${subject} is signed by WeChat Pay, yet ${verdict}`,
      { merchant, raw },
    );
  }
}

function faultOf(error: unknown): [path: string, problem: string] {
  if (error instanceof UnexpectedJson) return [error.path, error.message];
  if (error instanceof DecryptionError) return ['$.resource', `$.resource ${error.message}.`];
  throw error;
}
