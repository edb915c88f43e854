import type { LoggerService } from '@nestjs/common';

/** Keeps what is logged about notifications, with its level. Hand it to Nest. */
export class NotificationLog implements LoggerService {
  readonly lines: string[] = [];
  #keep(level: string, message: unknown, details: readonly unknown[]): void {
    if (details.at(-1) === 'WxPayNotifications') this.lines.push(`${level}: ${String(message)}`);
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
