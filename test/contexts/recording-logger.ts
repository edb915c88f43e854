import type { LoggerService } from '@nestjs/common';

/** Keeps what the filter logs and is silent otherwise; hand it to Nest as the app's logger. */
export class RecordingLogger implements LoggerService {
  readonly lines: { readonly level: string; readonly message: unknown }[] = [];

  log(): void {}

  warn(message: unknown, ...details: readonly unknown[]): void {
    this.#record('warn', message, details);
  }

  error(message: unknown, ...details: readonly unknown[]): void {
    this.#record('error', message, details);
  }

  /** Nest puts the context last. */
  #record(level: string, message: unknown, details: readonly unknown[]): void {
    if (details.at(-1) === 'WxPayExceptionFilter') this.lines.push({ level, message });
  }
}
