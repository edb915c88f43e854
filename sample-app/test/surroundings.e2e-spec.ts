import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Settings } from '../config/settings.js';
import { startupHints } from '../startup-hints.js';
import { ADAPTERS } from './support/adapters.js';
import { startSample, type Sample } from './support/start-sample.js';

/** The answers that the OpenAPI page promises. */
const QUERIED = ['200', '400', '404', '500', '502', '503', '504'];
const CHANGED = ['200', '400', '404', '409', '500', '502', '503', '504'];
const CLOSED = ['204', ...CHANGED.slice(1)];

/** A curl command of the log. */
const SUGGESTION =
  /(?:-X (?<method>[A-Z]+) )?(?:-H '[^']*' )?(?:-d '(?<json>[^']*)' )?'?http:\/\/localhost:3100(?<path>\/[^']*)'?$/;

describe.each(ADAPTERS)('surroundings of the orders in the sample on %s', (_name, createAdapter) => {
  let sample: Sample;

  beforeAll(async () => {
    sample = await startSample(createAdapter());
  });

  afterAll(() => sample.app.close());

  it('says that it is alive and a demo', async () => {
    const { status, body } = await sample.get('/health/live');

    expect([status, body]).toEqual([200, { status: 'ok', mode: 'demo' }]);
  });

  it('is ready if WeChat Pay accepts both merchants', async () => {
    const { status, body } = await sample.get('/health');

    expect(status).toBe(200);
    expect(body).toMatchObject({
      details: { 'wxpay-default': { status: 'up' }, 'wxpay-legacy': { status: 'up' } },
    });
  });

  it('shows the OpenAPI page', async () => {
    const { status, contentType, body } = await sample.get('/docs');

    expect(status).toBe(200);
    expect(contentType).toContain('text/html');
    expect(body).toContain('swagger-ui');
  });

  it('documents every route with its answers', async () => {
    const { body } = await sample.get('/docs-json');

    expect(body).toMatchObject({ openapi: expect.stringMatching(/^3\./) });
    expect(answersOf(body as OpenApi)).toEqual({
      'get /health': ['200', '503'],
      'get /health/live': ['200'],
      'get /orders': ['200'],
      'get /orders/{outTradeNo}': QUERIED,
      'get /orders/by-transaction/{transactionId}': QUERIED,
      'post /orders/{outTradeNo}/close': CLOSED,
      'get /legacy/orders/{outTradeNo}': QUERIED,
      'post /legacy/orders/{outTradeNo}/close': CLOSED,
      'get /sub-merchants/{subMchid}/orders/{outTradeNo}': QUERIED,
      'post /sub-merchants/{subMchid}/orders/{outTradeNo}/close': CLOSED,
      'post /sales': ['201', '400'],
      'get /sales/{outTradeNo}': ['200', '400', '404'],
      'post /sales/{outTradeNo}/pay-parameters': CHANGED,
      'post /sales/{outTradeNo}/charge': CHANGED,
      'post /carts': ['201', '400'],
      'post /carts/{outTradeNo}/pay-parameters': CHANGED,
      'put /sales/{outTradeNo}/refunds/{number}': CHANGED,
      'get /bills/{date}/discrepancies': ['200', '400', '500', '502', '503', '504'],
      'post /demo/orders/{outTradeNo}/pay': ['200', '400', '409'],
      'post /demo/refunds/{outRefundNo}/settle': ['204', '400', '409'],
    });
  });

  it('suggests only what works', async () => {
    const hints = startupHints(new Settings({}), 3100);

    const statuses: Record<string, number> = {};
    for (const hint of hints) {
      const { path, method, json } = SUGGESTION.exec(hint)?.groups ?? {};
      if (path === undefined) continue;
      const body = json === undefined ? undefined : (JSON.parse(json) as object);
      const { status } = await sample.ask(method ?? 'GET', path, body);
      statuses[path.replace(/\d{4}-\d{2}-\d{2}/, 'DATE')] = status;
    }

    expect(statuses).toEqual({
      '/sales': 201,
      '/sales/DEMO-SALE/pay-parameters': 200,
      '/demo/orders/DEMO-SALE/pay': 200,
      '/sales/DEMO-SALE': 200,
      '/sales/DEMO-SALE/refunds/1': 200,
      '/demo/refunds/DEMO-SALE-1/settle': 204,
      '/sales/DEMO-COUNTER/charge': 200,
      '/carts': 201,
      '/demo/orders/DEMO-UNPAID-BARE/pay?notification=lost': 200,
      '/sales/DEMO-EXPIRED': 200,
      '/bills/DATE/discrepancies': 200,
      '/orders': 200,
      '/orders/DEMO-PAID': 200,
      '/orders/by-transaction/4200000000202601010000000001': 200,
      '/orders/DEMO-UNPAID/close': 204,
      '/orders/DEMO-PAID/close': 409,
      '/legacy/orders/DEMO-PAID': 200,
      '/sub-merchants/1900000109/orders/DEMO-PARTNER': 200,
      '/sales/DEMO-UNPAID-BARE': 200,
      '/demo/orders/DEMO-LEGACY-UNPAID/pay': 200,
      '/health': 200,
      '/docs': 200,
    });
  });
});

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}

function answersOf({ paths }: OpenApi): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { responses }]) => [`${method} ${path}`, Object.keys(responses)]),
    ),
  );
}
