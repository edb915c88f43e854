import type { INestApplication, NestApplicationOptions } from '@nestjs/common';
import { NestFactory, type AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import type { Settings } from './config/settings.js';
import { serveOpenApi } from './http/openapi.js';

/** Builds the app, ready to listen: for `main.ts` and for tests. */
export async function createApp(
  settings: Settings,
  adapter: AbstractHttpAdapter = new ExpressAdapter(),
  options?: NestApplicationOptions,
): Promise<INestApplication> {
  const app = await NestFactory.create(AppModule.forRoot(settings), adapter, options);
  serveOpenApi(app);
  return app;
}
