import type { Answer, ReceivedRequest } from '../exchange.js';
import type { MockOrders, OrderLookup } from '../orders.js';
import { paramError, SUPERFLUOUS } from './problem.js';

/** A parameter that an endpoint takes: its name and what it may look like. */
export type Field = readonly [name: string, pattern: RegExp];

/** An endpoint of APIv3, as data. */
export interface Route {
  /** What is asked for, whichever way. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** With `{name}` for the parameters in it. */
  readonly path: string;
  readonly inPath: readonly Field[];
  /** All required; GET takes them from the query, POST from the JSON body. */
  readonly fields: readonly Field[];
  /** The parameter that must name the merchant who signed. */
  readonly merchant: string;
  /** @throws {Problem} a business refusal */
  answer(call: Call): Answer;
}

/** A request understood. */
export interface Call {
  readonly parameters: Readonly<Record<string, string>>;
  /** Where to look orders up. */
  readonly found: OrderLookup;
  /** Where to change them. */
  readonly orders: MockOrders;
}

/** The endpoint of a request with the raw segments of its path parameters, or why there is none. */
export type Found =
  { readonly route: Route; readonly segments: readonly string[] } | { readonly missing: 404 | 405 };

/** Finds the endpoint of a request. */
export function findRoute(routes: readonly Route[], { method, target }: ReceivedRequest): Found {
  const [path = ''] = target.split('?', 1);
  const matches = routes.flatMap((route) => {
    const match = pathPattern(route.path).exec(path);
    return match === null ? [] : [{ route, segments: match.slice(1) }];
  });
  const found = matches.find(({ route }) => route.method === method);
  return found ?? { missing: matches.length > 0 ? 405 : 404 };
}

/**
 * Reads the parameters of a request, exactly those of its endpoint.
 *
 * @throws {Problem} 400 naming the parameter at fault
 */
export function readParameters(
  { route, segments }: { readonly route: Route; readonly segments: readonly string[] },
  { target, body }: ReceivedRequest,
  mchid: string,
): Record<string, string> {
  const location = route.method === 'GET' ? 'query' : 'body';
  const given = location === 'query' ? queryEntries(target) : bodyEntries(body);
  if (location === 'body' && target.includes('?')) throw paramError('query', SUPERFLUOUS, 'query');
  const inPath = route.inPath.map(([name], i): [string, unknown] => [name, decode(name, segments[i])]);
  const parameters = {
    ...check(route.inPath, inPath, 'path'),
    ...check(route.fields, given, location),
  };
  if (parameters[route.merchant] !== mchid)
    throw paramError(route.merchant, '与Authorization中的商户号不一致', location);
  return parameters;
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]*)')}$`);
}

function check(
  fields: readonly Field[],
  given: readonly [string, unknown][],
  location: 'path' | 'query' | 'body',
): Record<string, string> {
  const values = new Map(given);
  const known = new Set(fields.map(([name]) => name));
  for (const [i, [name]] of given.entries()) {
    if (!known.has(name)) throw paramError(name, SUPERFLUOUS, location);
    if (given.findIndex(([other]) => other === name) !== i) throw paramError(name, '重复的参数', location);
  }
  return Object.fromEntries(
    fields.map(([name, pattern]) => {
      const value = values.get(name);
      if (value === undefined) throw paramError(name, '缺少必填参数', location);
      if (typeof value !== 'string' || !pattern.test(value)) throw paramError(name, '格式错误', location);
      return [name, value];
    }),
  );
}

function queryEntries(target: string): [string, string][] {
  const start = target.indexOf('?');
  return start === -1 ? [] : [...new URLSearchParams(target.slice(start + 1))];
}

function bodyEntries(body: Buffer): [string, unknown][] {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw paramError('body', '不是合法的JSON', 'body');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw paramError('body', '不是JSON对象', 'body');
  return Object.entries(value);
}

function decode(name: string, segment = ''): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw paramError(name, '不是合法的百分号编码', 'path');
  }
}
