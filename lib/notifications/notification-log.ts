import { Logger, type LogLevel } from '@nestjs/common';
import type { WxPayNotification } from '../domain/notification.js';
import { LogEntry } from '../errors/log-entry.js';
import { redact, safeLine } from '../errors/redact.js';
import { safeCause, safeStack } from '../errors/safe-cause.js';
import { WxPayError } from '../errors/wxpay-error.js';
import { WxPaySignatureError } from '../errors/wxpay-signature-error.js';
import type { NotificationRequest } from './raw-body.js';

/** Level at which a refusal is logged: `debug` for probes, `error` if the app or its configuration has to change. */
export type RefusalLevel = Extract<LogLevel, 'debug' | 'warn' | 'error'>;

/** Logs everything about notifications, for the operators of the app. */
export const logger = new Logger('WxPayNotifications');

/** The request of a notification, and the name of its merchant once that is known. */
export interface NotificationOrigin {
  readonly request: NotificationRequest;
  readonly merchant: string | undefined;
}

/** Logs one line about a notification that was not verified or not understood. */
export function logRefusal(
  level: RefusalLevel,
  error: unknown,
  { request: { headers }, merchant }: NotificationOrigin,
): void {
  const received = headers['request-id'];
  const requestId = received === undefined ? undefined : redact([received].flat().join(', '));
  const about = requestId === undefined ? '' : ` (Request-ID ${requestId})`;
  const problem = error instanceof Error ? safeLine(error.message) : 'A notification could not be checked.';
  logger[level](
    new LogEntry(problem + about, {
      merchant,
      code: error instanceof WxPayError ? error.code : undefined,
      reason: error instanceof WxPaySignatureError ? error.reason : undefined,
      requestId,
    }),
  );
}

/**
 * Logs that something on the route threw.
 *
 * @param status the status of the answer; `answered` if another one had been sent already
 * @param notification undefined if it was not verified yet
 */
export function logFailure(
  thrown: unknown,
  status: number | 'answered',
  notification: WxPayNotification | undefined,
): void {
  const outcome =
    status === 'answered'
      ? 'though it was answered already. If that was a success, it does not come again: query the order, and answer nothing through @Res()'
      : 'so WeChat Pay sends it again';
  const what =
    notification === undefined
      ? 'A notification was refused before it could be verified'
      : `Notification ${redact(notification.id)} was verified, but not processed, ${outcome}`;
  const error = thrown instanceof Error ? thrown : new Error('something that is not an error was thrown');
  // Before it is verified, a stranger may control parts of the message, for example through the look-up of the merchant.
  const { message } = notification === undefined ? safeCause(error) : error;
  const line = `${what}: ${safeLine(message)}`;
  const fields = fieldsOf(notification);
  if (status !== 'answered' && status < 500) logger.warn(new LogEntry(line, { ...fields, status }));
  else logger.error(new LogEntry(line, { ...fields, status, stack: safeStack(error) }));
}

/** Logs that a response was sent without a decision. */
export function logUndecided(notification: WxPayNotification | undefined): void {
  const what =
    notification === undefined
      ? 'A notification was refused'
      : `Notification ${redact(notification.id)} was verified, but its handler did not end well`;
  logger.error(
    new LogEntry(
      `${what}, so WeChat Pay sends it again. Something else answered: check the interceptors and filters of the app for ` +
        'one that swallows errors, and the handler for @Res().',
      fieldsOf(notification),
    ),
  );
}

/** Fields that name a verified notification. A tenant may have signed it, with any texts in it. */
function fieldsOf(notification: WxPayNotification | undefined): Readonly<Record<string, string>> {
  if (notification === undefined) return {};
  const { merchant, id, eventType } = notification;
  return { merchant, notificationId: redact(id), eventType: redact(eventType) };
}
