import type { ReceivedNotification, WxPayNotification } from '../domain/notification.js';
import type { NotificationReader } from '../domain/ports/apis.js';
import type { Order } from '../domain/order.js';
import type { CallContext } from '../errors/call-context.js';
import { redact } from '../errors/redact.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../errors/wxpay-protocol-error.js';
import { LeftOutFields } from '../telemetry/left-out-fields.js';
import { messageOfOtherApi } from '../transport/message-of-other-api.js';
import { receive, type ReceiveLimits } from '../transport/receive.js';
import { decodeOrder } from './decode-order.js';
import { expectUnambiguous } from './field-boundaries.js';
import { FieldReader, UnexpectedField } from './fields.js';
import { decodeNotice, decryptNotice, isRefundNotice } from './refund-notice.js';
import { verifyFields, type FieldsWording } from './signing/signed-fields.js';
import type { WxPayV2Signer } from './signing/signer.js';
import { parseXml, UnreadableXml, type V2Fields } from './xml.js';

export interface V2NotificationReaderOptions {
  readonly merchant: string;
  readonly mchid: string;
  readonly signer: WxPayV2Signer;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits: ReceiveLimits;
}

/** The longest known notifications have about a hundred fields, coupons included. */
const MAX_FIELDS = 200;
/** Limited because a notification is parsed before its signature can be verified. */
const MAX_BYTES = 65_536;

/** Error for a verified notification that belongs to another merchant. */
class ForeignField extends UnexpectedField {}

const NOTIFICATION: FieldsWording = {
  nameOf: ({ subject }) => `A notification to ${subject}`,
  afterMissing: () => 'WeChat Pay signs every notification, so another client sent this one',
  afterMismatch: 'orders are placed with the same sign_type',
};

/** Event of an order, as a notification reports it. */
interface OrderEvent {
  readonly id: string;
  readonly eventType: string;
  readonly order: Order;
}

/** Reads notifications of APIv2: parse → verify → decode. */
export class V2NotificationReader implements NotificationReader {
  readonly #options: V2NotificationReaderOptions;

  constructor(options: V2NotificationReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads a notification. APIv2 signs no date, so an old notification is verified like a new one.
   *
   * @throws {WxPayInputError} if it is not an APIv2 message
   * @throws {WxPaySignatureError} if WeChat Pay did not send it
   * @throws {WxPayConfigError} if it is of a refund, and the signer cannot decrypt it
   * @throws {WxPayProtocolError} if it is verified, but is not a notification of a payment or a refund to this merchant
   * @throws {WxPayTransportError} if the signer failed, so that the notification could not be verified
   */
  read({ headers, body }: ReceivedNotification, onVerified?: () => void): Promise<WxPayNotification> {
    const { merchant, signer, limits } = this.#options;
    const call: CallContext = { operation: 'notification', subject: `merchant "${merchant}"`, merchant };
    return receive(call, body, { ...limits, maxNotificationBytes: MAX_BYTES }, async (exchange) => {
      const fields = fieldsOf(body, isOfApiV3({ headers, body }));
      if (isRefundNotice(fields)) {
        const content = await decryptNotice(fields, signer, exchange);
        onVerified?.();
        return asPromised(call, { fields: content, proof: 'encrypted' }, () =>
          this.#decodeRefund(fields, content),
        );
      }
      await verifyFields(fields, signer, NOTIFICATION, exchange);
      onVerified?.();
      return asPromised(call, { fields, proof: 'signed' }, () => this.#decode(fields));
    });
  }

  #decodeRefund(fields: V2Fields, content: V2Fields): WxPayNotification {
    const { merchant, mchid, now } = this.#options;
    expectValue(fields, 'return_code', 'SUCCESS');
    expectOwn(fields, 'mch_id', mchid);
    const leftOut = new LeftOutFields();
    const refund = decodeNotice(fields, content, leftOut);
    leftOut.publish({ merchant, operation: 'notification' }, refund);
    return {
      merchant,
      id: refund.refundId,
      eventType: `REFUND.${refund.status}`,
      originalType: 'refund',
      createdAt: refund.successTime ?? new Date(now()),
      resource: refund,
      signed: false,
    };
  }

  #decode(fields: V2Fields): WxPayNotification {
    const leftOut = new LeftOutFields();
    const { order, ...event } = this.#read(fields, leftOut);
    const { merchant, now } = this.#options;
    leftOut.publish({ merchant, operation: 'notification' }, order);
    return {
      merchant,
      ...event,
      originalType: 'transaction',
      createdAt: order.successTime ?? new Date(now()),
      resource: order,
    };
  }

  #read(fields: V2Fields, leftOut: LeftOutFields): OrderEvent {
    expectUnambiguous(fields);
    expectValue(fields, 'return_code', 'SUCCESS');
    expectOwn(fields, 'mch_id', this.#options.mchid);
    if (fields.result_code !== 'FAIL') return paid(fields, leftOut);
    const order = decodeOrder(fields, { tradeState: 'PAYERROR', leftOut });
    return { id: order.transactionId ?? order.outTradeNo, eventType: 'TRANSACTION.FAIL', order };
  }
}

/**
 * Reads a payment. The same key signs every request and reply, so this requires fields that only a payment has: no other
 * message can be sent in its place.
 */
function paid(fields: V2Fields, leftOut: LeftOutFields): OrderEvent {
  expectValue(fields, 'result_code', 'SUCCESS');
  if (fields.trade_state) expectValue(fields, 'trade_state', 'SUCCESS');
  const reader = new FieldReader(fields);
  for (const name of ['total_fee', 'time_end']) reader.requiredText(name);
  return {
    id: reader.requiredText('transaction_id'),
    eventType: 'TRANSACTION.SUCCESS',
    order: decodeOrder(fields, { tradeState: 'SUCCESS', leftOut }),
  };
}

/** Adds the name of the notification to errors about content that differs from the documentation. */
function asPromised<T>(
  { subject, merchant }: CallContext,
  { fields, proof }: { readonly fields: V2Fields; readonly proof: 'signed' | 'encrypted' },
  decode: () => T,
): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof UnexpectedField)) throw error;
    const verdict =
      error instanceof ForeignField
        ? `belongs to another merchant: ${error.message} Check the notify_url of its orders, and mchid of ${subject}.`
        : `is not what WeChat Pay's documentation promises: ${error.message} Query the order; if it persists, update this package or report it.`;
    throw new WxPayProtocolError(
      error.path,
      `A notification to ${subject}${aboutOrder(fields)} is ${proof} with the APIv2 key, yet ${verdict}`,
      { merchant, raw: fields },
    );
  }
}

/** Tells whether a notification is of APIv3: JSON, or a signature in the headers, which APIv2 does not have. */
function isOfApiV3({ headers, body }: ReceivedNotification): boolean {
  if (Object.keys(headers).some((name) => name.toLowerCase() === 'wechatpay-signature')) return true;
  return Buffer.from(body.subarray(0, 64)).toString('latin1').trimStart().startsWith('{');
}

function fieldsOf(body: Uint8Array, isOther: boolean): V2Fields {
  try {
    return parseXml(body, MAX_FIELDS);
  } catch (error) {
    if (!(error instanceof UnreadableXml)) throw error;
    const problem = isOther ? messageOfOtherApi('v3') : error.message;
    throw new WxPayInputError('body', `is not an APIv2 notification: ${problem}.`);
  }
}

function expectValue(fields: V2Fields, name: string, expected: string): void {
  if (fields[name] === expected) return;
  throw new UnexpectedField(`$.${name}`, fields[name] ? `is not ${expected}.` : 'is missing.');
}

function expectOwn(fields: V2Fields, name: string, own: string): void {
  if (fields[name] && fields[name] !== own) throw new ForeignField(`$.${name}`, `is not ${own}.`);
  expectValue(fields, name, own);
}

function aboutOrder({ out_trade_no: outTradeNo }: V2Fields): string {
  return outTradeNo ? ` about order ${redact(outTradeNo)}` : '';
}
