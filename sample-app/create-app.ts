import type { INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import { acceptXml } from './http/accept-xml.js';
import { serveOpenApi } from './http/openapi.js';

/** Builds the app, ready to listen: for `main.ts` and for tests. */
export async function createApp(
  settings: Settings,
  adapter: AbstractHttpAdapter = new ExpressAdapter(),
  options?: NestApplicationOptions,
): Promise<INestApplication> {
  // Notifications are verified over the bytes that came.
  const app = await NestFactory.create(AppModule.forRoot(settings), adapter, { ...options, rawBody: true });
  acceptXml(app);
  serveOpenApi(app);
  return app;
}
