import { describe, expect, it } from '@jest/globals';
import { lostBodyOnExpress } from '../../../../lib/notifications/start-up/express-parsers.js';

type Layer = Parameters<typeof lostBodyOnExpress>[0] extends { readonly _router?: infer Router }
  ? Router extends { readonly stack?: readonly (infer Each)[] }
    ? Each
    : never
  : never;
type Next = (error?: Error) => void;

/** A parser that reads the body and keeps no bytes, as express.json() does. */
function jsonParser(request: object, _response: object, next: Next): void {
  Object.assign(request, { body: {} });
  next();
}

/** A middleware that may do anything, but bears the name of a known one. */
function named(name: string): Layer['handle'] {
  const handle = (request: object, _response: object, next: Next): void => {
    if (Reflect.get(request, 'url') !== undefined) next();
  };
  return Object.defineProperty(handle, 'name', { value: name });
}

const ROUTE: Layer = { route: {}, handle: named('handle') };

/** Looks at an app whose middleware comes before its last route. */
function look(...layers: readonly Layer[]) {
  return lostBodyOnExpress({ _router: { stack: [...layers, ROUTE] } }, 'application/json');
}

describe('lostBodyOnExpress', () => {
  it('finds no parser in an app without a router', async () => {
    expect(await lostBodyOnExpress({}, 'application/json')).toBe('no-parser');
  });

  it('passes over other routes', async () => {
    expect(await look(ROUTE)).toBe('no-parser');
  });

  it('passes over handlers of errors, which see no request that is well', async () => {
    const handleError = (_error: Error, _request: object, _response: object, next: Next) => next();

    expect(await look({ handle: handleError as unknown as Layer['handle'] })).toBe('no-parser');
  });

  it.each([
    'query',
    'expressInit',
    'corsMiddleware',
    'helmetMiddleware',
    'compression',
    'cookieParser',
    'serveStatic',
  ])('passes over %s, which reads no body', async (name) => {
    expect(await look({ handle: named(name) })).toBe('no-parser');
  });

  it('does not know what a middleware of the app does', async () => {
    expect(await look({ handle: named('verifyEverything') }, { handle: jsonParser })).toBeUndefined();
  });

  it.each([
    ['Express 4', { handle: jsonParser, regexp: { fast_slash: false } }],
    ['Express 5', { handle: jsonParser, slash: false }],
  ])('finds a parser of a path on %s', async (_, layer) => {
    expect(await look(layer)).toBe('parser-of-a-path');
  });

  it.each<[string, Layer[]]>([
    ['Express 4', [{ handle: jsonParser, regexp: { fast_slash: true } }]],
    ['Express 5', [{ handle: jsonParser, slash: true }]],
    ['Express 5, beside one of a path', [{ handle: jsonParser, slash: false }, { handle: jsonParser }]],
  ])('finds a parser that keeps no raw body on %s', async (_, layers) => {
    expect(await look(...layers)).toBe('parser-without-raw-body');
  });
});
