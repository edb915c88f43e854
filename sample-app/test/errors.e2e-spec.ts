import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { ADAPTERS } from './support/adapters.js';
import { startSample, type Sample } from './support/start-sample.js';

interface Documented {
  readonly content?: { readonly 'application/json': { readonly example?: { readonly statusCode?: number } } };
}
interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Documented>> }>>>
  >;
}

describe.each(ADAPTERS)('errors of the sample on %s', (_name, createAdapter) => {
  let sample: Sample;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
  });

  afterAll(() => sample.app.close());

  /** Sends a body that the test writes itself. */
  async function post(path: string, body: string): Promise<{ status: number; body: unknown }> {
    const { port } = sample.app.getHttpServer().address() as AddressInfo;
    const headers = { 'Content-Type': 'application/json' };
    const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
    return { status: reply.status, body: await reply.json() };
  }

  it.each([
    ['an unknown route', 404, 'Not Found', 'NOT_FOUND', () => sample.get('/nowhere')],
    ['malformed JSON', 400, 'Bad Request', 'BAD_REQUEST', () => post('/sales', '{"a":')],
    [
      'a body that is too large',
      413,
      'Payload Too Large',
      'PAYLOAD_TOO_LARGE',
      () => post('/sales', JSON.stringify('x'.repeat(2_000_000))),
    ],
  ])('have the one body for %s', async (_what, statusCode, error, code, ask) => {
    const { status, body } = await ask();

    expect(status).toBe(statusCode);
    expect(body).toEqual({ statusCode, error, code, message: expect.stringMatching(/\w/) });
  });

  it('keep the body that the app gives by itself', async () => {
    expect(await sample.get('/sales/NONE')).toMatchObject({ status: 404, body: { code: 'SALE_NOT_FOUND' } });
  });

  it('are documented with an example of their own for each status', async () => {
    const { paths } = (await sample.get('/docs-json')).body as OpenApi;

    const examples = Object.entries(paths)
      // Health checks answer 503 in a form of their own.
      .filter(([path]) => !path.startsWith('/health'))
      .flatMap(([, methods]) => Object.values(methods))
      .flatMap(({ responses }) => Object.entries(responses))
      .filter(([status]) => Number(status) >= 400)
      .map(([status, { content }]) => [Number(status), content?.['application/json'].example?.statusCode]);

    expect(examples.length).toBeGreaterThan(40);
    for (const [status, shown] of examples) expect(shown).toBe(status);
  });
});
