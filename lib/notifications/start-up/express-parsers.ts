import { createProbe, keeps, type Probe, type ProbeType } from './parser-probe.js';

type Handle = (request: Probe, response: object, next: (error?: Error) => void) => void;

/** An entry of the stack of a router of Express 4 or 5. */
interface Layer {
  readonly handle: Handle;
  /** Undefined for a middleware. */
  readonly route?: unknown;
  /** In Express 5: true if it runs for all paths. */
  readonly slash?: boolean;
  /** In Express 4: `fast_slash` is true if it runs for all paths. */
  readonly regexp?: { readonly fast_slash?: boolean };
}

interface Router {
  readonly stack?: readonly Layer[];
}

interface Application {
  readonly _router?: Router;
  readonly router?: Router;
}

/** Reason why bodies are not kept. */
export type LostBody = 'no-parser' | 'parser-of-a-path' | 'parser-without-raw-body';

/** Function names of the parsers of body-parser. */
const PARSERS = new Set(['jsonParser', 'textParser', 'rawParser', 'urlencodedParser']);
/** Function names of middleware that does not read the body. */
const HARMLESS = new Set([
  'query',
  'expressInit',
  'corsMiddleware',
  'helmetMiddleware',
  'compression',
  'cookieParser',
  'serveStatic',
]);

/**
 * Returns the reason why an app on Express keeps no body of that type; undefined if it keeps one, or if that cannot be
 * known, for example because of the app's own middleware.
 */
export async function lostBodyOnExpress(
  application: Application,
  type: ProbeType,
): Promise<LostBody | undefined> {
  // Express 4 names it so; its getter `router` throws.
  const { _router: router = application.router } = application;
  const stack = router?.stack ?? [];
  const middleware = stack
    .slice(
      0,
      stack.findLastIndex(({ route }) => route !== undefined),
    )
    .filter(({ route, handle }) => route === undefined && handle.length < 4);
  if (!middleware.every(isKnown)) return undefined;
  const parsers = middleware.filter(({ handle }) => PARSERS.has(handle.name));
  for (const { handle } of parsers) {
    if ((await keptBy(handle, type)) !== false) return undefined;
  }
  const readers = parsers.filter(({ handle }) => handle.name === 'jsonParser');
  if (readers.length === 0) return 'no-parser';
  return readers.every(isOfPath) ? 'parser-of-a-path' : 'parser-without-raw-body';
}

function isKnown({ handle }: Layer): boolean {
  // The adapter of Nest 11 and 12 has one for its hooks.
  return (
    PARSERS.has(handle.name) || HARMLESS.has(handle.name) || String(handle).includes('this.onResponseHook')
  );
}

function isOfPath({ slash, regexp }: Layer): boolean {
  return slash === false || regexp?.fast_slash === false;
}

function keptBy(handle: Handle, type: ProbeType): Promise<boolean | undefined> {
  const probe = createProbe(type);
  return keeps(
    probe,
    () =>
      new Promise((resolve, reject) => {
        handle(probe, {}, (error) => (error === undefined ? resolve() : reject(error)));
      }),
  );
}
