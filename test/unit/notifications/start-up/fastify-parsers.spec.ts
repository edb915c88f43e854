import { describe, expect, it } from '@jest/globals';
import { keepsJsonOnFastify } from '../../../../lib/notifications/start-up/fastify-parsers.js';

type Done = (error: Error | null, body?: unknown) => void;

const HOOKS = Symbol('fastify.hooks');
const PARSERS = Symbol('fastify.contentTypeParser');
const NO_HOOKS = { onRequest: [] as unknown[], onRoute: [] as unknown[], preParsing: [] as unknown[] };
/** Keeps the bytes, as the parser of an app that wants to verify them does. */
const KEEPING = {
  asString: false,
  asBuffer: true,
  fn: (_request: unknown, payload: unknown, done: Done) => done(null, payload),
};

/** An instance of Fastify, as far as it is looked at. Its internals stand in the prototype, as those of a plugin's do. */
function instanceWith({
  hooks = NO_HOOKS,
  parser = KEEPING,
}: { hooks?: typeof NO_HOOKS; parser?: object } = {}): object {
  const root = { [HOOKS]: hooks, [PARSERS]: { getParser: () => parser } };
  return Object.create(root, { [Symbol('other')]: { value: {} } }) as object;
}

describe('keepsJsonOnFastify', () => {
  it('finds a parser that keeps the bytes', async () => {
    expect(await keepsJsonOnFastify(instanceWith())).toBe(true);
  });

  it('finds a parser that keeps them in a promise', async () => {
    const parser = { ...KEEPING, fn: async (_request: unknown, payload: unknown) => payload };

    expect(await keepsJsonOnFastify(instanceWith({ parser }))).toBe(true);
  });

  it('finds a parser that calls back later', async () => {
    const fn = (_request: unknown, payload: unknown, done: Done) => void setImmediate(done, null, payload);

    expect(await keepsJsonOnFastify(instanceWith({ parser: { ...KEEPING, fn } }))).toBe(true);
  });

  it('finds a parser that keeps nothing', async () => {
    const parser = { ...KEEPING, fn: (_request: unknown, _payload: unknown, done: Done) => done(null, {}) };

    expect(await keepsJsonOnFastify(instanceWith({ parser }))).toBe(false);
  });

  it('finds that there is no parser', async () => {
    const instance = { [HOOKS]: NO_HOOKS, [PARSERS]: { getParser: () => undefined } };

    expect(await keepsJsonOnFastify(instance)).toBe(false);
  });

  it('does not know what an instance does whose internals have changed', async () => {
    expect(await keepsJsonOnFastify({})).toBeUndefined();
    expect(await keepsJsonOnFastify({ [PARSERS]: { getParser: () => KEEPING } })).toBeUndefined();
    expect(await keepsJsonOnFastify({ [HOOKS]: NO_HOOKS })).toBeUndefined();
  });

  it('does not know what a parser does that fails on a message without an address', async () => {
    const fn = (request: object) => Reflect.get(request, 'url') as unknown;

    expect(await keepsJsonOnFastify(instanceWith({ parser: { ...KEEPING, fn } }))).toBeUndefined();
  });

  it.each([
    ['preParsing', () => {}],
    ['onRoute', () => {}],
    ['onRequest', (request: { rawBody?: unknown }) => void (request.rawBody = '')],
  ] as const)('does not know what a hook %s of the app does', async (name, hook) => {
    const keepsNothing = { ...KEEPING, fn: (_request: unknown, _payload: unknown, done: Done) => done(null) };
    const hooks = { ...NO_HOOKS, [name]: [() => {}, hook] };

    expect(await keepsJsonOnFastify(instanceWith({ hooks, parser: keepsNothing }))).toBeUndefined();
  });

  it('passes over hooks that have nothing to do with the raw body', async () => {
    const hooks = { ...NO_HOOKS, onRequest: [() => {}] };

    expect(await keepsJsonOnFastify(instanceWith({ hooks }))).toBe(true);
  });
});
