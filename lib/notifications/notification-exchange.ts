import type { AbstractHttpAdapter } from '@nestjs/core';
import type { WxPayNotification } from '../domain/notification.js';
import { notificationChannel } from '../telemetry/channels.js';
import type { NotificationEvent } from '../telemetry/events.js';
import { logUndecided } from './notification-log.js';

/** Decides the form of the answer: JSON for APIv3, XML for APIv2. */
export type Api = 'v3' | 'v2';

/** The HTTP response that WeChat Pay receives. */
export interface Answer {
  readonly status: number;
  /** Undefined if there is no body. */
  readonly contentType?: string;
  readonly body: string;
}

/** The common part of the responses of Express and Fastify. */
export interface PlatformResponse {
  readonly statusCode: number;
  send(body?: unknown): unknown;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const XML_TYPE = 'text/xml; charset=utf-8';

// Kept beside the request, never on it: apps log requests.
const exchanges = new WeakMap<object, NotificationExchange>();

/**
 * One notification request: the notification that was verified, and the answer for WeChat Pay.
 *
 * The guard begins it and records the verified notification, the interceptor accepts it when the handler has succeeded, and
 * the filter refuses it when anything has failed. The answer is decided early and sent late: interceptors of the app run in
 * between, and one that commits a transaction can still fail. An exchange that nothing decided is refused.
 */
export class NotificationExchange {
  #api: Api = 'v3';
  #notification: WxPayNotification | undefined;
  #answer: Answer | undefined;
  #merchant: string | undefined;
  #isPublished = false;

  private constructor() {}

  /** Returns the exchange of a request; the first call creates it. */
  static of(request: object): NotificationExchange {
    const known = exchanges.get(request);
    if (known !== undefined) return known;
    const exchange = new NotificationExchange();
    exchanges.set(request, exchange);
    return exchange;
  }

  /** The notification; undefined until it is verified. */
  get notification(): WxPayNotification | undefined {
    return this.#notification;
  }

  /** Sets the API whose form the answer takes; APIv3 by default. */
  answerIn(api: Api): void {
    this.#api = api;
  }

  /** Sets the name of the merchant that the request is for. */
  addressTo(merchant: string): void {
    this.#merchant = merchant;
  }

  /** Records the notification, after its signature was verified. */
  verified(notification: WxPayNotification): void {
    this.#notification = notification;
  }

  /** Decides to accept the notification, so that WeChat Pay does not send it again. */
  accept(): void {
    this.#answer = accepted(this.#api);
  }

  /** Withdraws the decision, because the handler runs again. */
  undecided(): void {
    this.#answer = undefined;
  }

  /**
   * Decides that WeChat Pay has to send the notification again.
   *
   * @param status 400 to 599
   * @param message sent to WeChat Pay, or to a stranger: a fixed text that says nothing about the app
   */
  refuse(status: number, message: string): Required<Answer> {
    const answer = refused(this.#api, status, message);
    this.#answer = answer;
    return answer;
  }

  /**
   * Replaces `response.send` until its first call, which then sends the decided answer instead of the given body: app
   * interceptors may change status and body on the way. Without a decision it sends a refusal, because an interceptor or a
   * filter may have swallowed a failure, or answered in place of the handler.
   */
  takeOver(adapter: AbstractHttpAdapter, response: PlatformResponse): void {
    const send = response.send.bind(response);
    response.send = () => {
      // If a hook of the platform fails while sending, its error page is sent as it is.
      response.send = send;
      const { status, contentType, body } = this.#answerFor(response.statusCode);
      this.answered(status);
      adapter.status(response, status);
      if (contentType !== undefined) adapter.setHeader(response, 'Content-Type', contentType);
      return send(body === '' ? undefined : body);
    };
  }

  /** Publishes a {@link NotificationEvent} for the answer; only the first one counts. */
  answered(status: number): void {
    if (this.#isPublished) return;
    this.#isPublished = true;
    if (!notificationChannel.hasSubscribers) return;
    const { merchant = this.#merchant, eventType } = this.#notification ?? {};
    const failure = this.#notification === undefined ? 'unverified' : 'failed';
    const outcome = status < 400 ? 'accepted' : failure;
    notificationChannel.publish({ merchant, eventType, outcome, status } satisfies NotificationEvent);
  }

  /** Returns the decided answer, unless the app has set a status of 400 or more after the handler succeeded. */
  #answerFor(status: number): Answer {
    const answer = this.#answer;
    if (answer !== undefined && (answer.status >= 400 || status < 400)) return answer;
    logUndecided(this.#notification);
    return refused(this.#api, Math.max(status, 500), 'The notification could not be processed.');
  }
}

function accepted(api: Api): Answer {
  return api === 'v2'
    ? { status: 200, contentType: XML_TYPE, body: xml('SUCCESS', 'OK') }
    : { status: 204, body: '' };
}

function refused(api: Api, status: number, message: string): Required<Answer> {
  return api === 'v2'
    ? { status, contentType: XML_TYPE, body: xml('FAIL', message) }
    : { status, contentType: JSON_TYPE, body: JSON.stringify({ code: 'FAIL', message }) };
}

/** Writes XML as WeChat Pay documents it. The messages are fixed texts of this library, so none can end its CDATA section. */
function xml(code: 'SUCCESS' | 'FAIL', message: string): string {
  return `<xml><return_code><![CDATA[${code}]]></return_code><return_msg><![CDATA[${message}]]></return_msg></xml>`;
}
