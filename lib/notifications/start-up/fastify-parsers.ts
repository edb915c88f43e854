import { createProbe, keeps, type Probe } from './parser-probe.js';

type Done = (error: Error | null, body?: unknown) => void;

/** A content type parser of Fastify 4 or 5, in its internal form. */
interface Parser {
  readonly asString: boolean;
  readonly asBuffer: boolean;
  readonly fn: (request: Probe, payload: unknown, done: Done) => unknown;
}

interface Parsers {
  getParser(type: string): Parser | undefined;
}

type Hooks = Readonly<Record<'onRequest' | 'onRoute' | 'preParsing', readonly unknown[]>>;

/**
 * Returns true if an app on Fastify keeps the bytes of JSON; undefined if that cannot be known, for example because a hook
 * may keep them.
 */
export async function keepsJsonOnFastify(instance: object): Promise<boolean | undefined> {
  const hooks = internalOf(instance, 'fastify.hooks') as Hooks | undefined;
  const parsers = internalOf(instance, 'fastify.contentTypeParser') as Parsers | undefined;
  if (hooks === undefined || parsers === undefined) return undefined;
  if (hooks.preParsing.length > 0 || hooks.onRoute.length > 0) return undefined;
  if (hooks.onRequest.some((hook) => String(hook).includes('rawBody'))) return undefined;
  const probe = createProbe('application/json');
  return keeps(probe, async () => {
    const parser = parsers.getParser('application/json');
    // Without one, Fastify answers 415.
    if (parser === undefined) return;
    const body = await parse(parser, probe);
    Object.assign(probe, { body });
  });
}

function parse({ fn, asString, asBuffer }: Parser, probe: Probe): Promise<unknown> {
  const payload = asString ? '{}' : asBuffer ? Buffer.from('{}') : probe;
  return new Promise((resolve, reject) => {
    const result = fn(probe, payload, (error, body) => (error ? reject(error) : resolve(body)));
    if (result instanceof Promise) result.then(resolve, reject);
  });
}

/** Reads an internal of Fastify. It exports none of its symbols, but their descriptions are the same since version 4. */
function internalOf(instance: object, description: string): unknown {
  for (let owner: object | null = instance; owner !== null; owner = Object.getPrototypeOf(owner) as object) {
    const symbol = Object.getOwnPropertySymbols(owner).find((each) => each.description === description);
    if (symbol !== undefined) return (instance as Readonly<Record<symbol, unknown>>)[symbol];
  }
  return undefined;
}
