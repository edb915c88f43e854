import type { LoggerService } from '@nestjs/common';

/** Keeps what is logged about notifications, with its level. Hand it to Nest. */
export class NotificationLog implements LoggerService {
  readonly lines: string[] = [];
  #keep(level: string, message: unknown, details: readonly unknown[]): void {
    if (details.at(-1) !== 'WxPayNotifications') return;
    const [line = '', ...rest] = String(message).split('\n');
    // Below its first line an entry has the stack of an error, and nothing else.
    const isStack = rest.every((each, index) => index === 0 || each.startsWith('    at '));
    this.lines.push(`${level}: ${isStack ? line : String(message)}`);
  }

  log(): void {}

  debug(message: unknown, ...details: readonly unknown[]): void {
    this.#keep('debug', message, details);
  }
  warn(message: unknown, ...details: readonly unknown[]): void {
    this.#keep('warn', message, details);
  }
  error(message: unknown, ...details: readonly unknown[]): void {
    this.#keep('error', message, details);
  }
}
