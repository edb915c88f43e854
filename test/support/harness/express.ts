import { createRequire } from 'node:module';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is used of Express, which comes with Nest's adapter, without types. */
interface Express {
  json(options?: { verify?(request: RawRequest, response: ServerResponse, body: Buffer): void }): Middleware;
}

export type RawRequest = IncomingMessage & { rawBody?: Buffer };

export type Middleware = (request: RawRequest, response: ServerResponse, next: () => void) => void;

export const express = createRequire(import.meta.url)('express') as Express;
