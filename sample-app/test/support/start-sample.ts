import type { INestApplication } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { Settings } from '../../config/settings.js';
import { createApp } from '../../create-app.js';

/** The sample as a user meets it: listening on a port of its own. */
export interface Sample {
  readonly app: INestApplication;
  /** A body is sent as JSON. */
  ask(method: string, path: string, body?: object): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, body?: object): Promise<Answer>;
  put(path: string, body: object): Promise<Answer>;
}

/** What came back over HTTP. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  /** Parsed where it is JSON; the text otherwise. */
  readonly body: unknown;
}

/** Starts the sample without a word in the log. */
export async function startSample(
  adapter: AbstractHttpAdapter,
  env: NodeJS.ProcessEnv = {},
): Promise<Sample> {
  const app = await createApp(new Settings(env), adapter, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const ask = async (method: string, path: string, content?: object): Promise<Answer> => {
    const json = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(content) };
    const response = await fetch(url + path, { method, ...(content && json) });
    const contentType = response.headers.get('content-type');
    const text = await response.text();
    const body: unknown = contentType?.includes('json') ? JSON.parse(text) : text;
    return { status: response.status, contentType, body };
  };
  return {
    app,
    ask,
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
    put: (path, body) => ask('PUT', path, body),
  };
}
