import type { LoggerService } from '@nestjs/common';

/** Keeps what the filter logs, and apart from it what anybody else has to complain of. Hand it to Nest. */
export class RecordingLogger implements LoggerService {
  readonly lines: { readonly level: string; readonly message: string }[] = [];
  readonly foreign: unknown[] = [];

  log(): void {}

  warn(message: unknown, ...details: readonly unknown[]): void {
    this.#record('warn', message, details);
  }

  error(message: unknown, ...details: readonly unknown[]): void {
    this.#record('error', message, details);
  }

  /** Nest puts the context last. */
  #record(level: string, message: unknown, details: readonly unknown[]): void {
    if (details.at(-1) === 'WxPayExceptionFilter') this.lines.push({ level, message: String(message) });
    else this.foreign.push(message);
  }
}
