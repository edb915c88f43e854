import type { Answer, ReceivedRequest } from '../http/exchange.js';
import type { MockCombineOrder } from '../orders/mock-combine-order.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { OrderNumbers } from '../orders/orders.js';
import type { Stores } from '../orders/stores.js';
import { readAll, type Readers } from './parameters.js';
import { contradiction, undefinedParameters, unreadable } from './parameter-problems.js';

/** An endpoint of APIv3, as data. */
export interface Endpoint<Path, Fields> {
  /** What is asked for, whichever way. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** With `{name}` for the parameters in it. */
  readonly path: string;
  readonly inPath: Readers<Path>;
  /** GET takes them from the query, POST from the JSON body. */
  readonly fields: Readers<Fields>;
  /** The parameter that must name the merchant who signed. */
  readonly merchant?: NoInfer<keyof Path | keyof Fields>;
  /** @throws {Problem} a business refusal */
  answer(call: Call<Path & Fields>): Answer;
}

/** A request understood. */
export interface Call<Parameters> extends Stores {
  readonly parameters: Parameters;
  /** Which order the parameters name. */
  readonly numbers: OrderNumbers;
  /** Finds the order that a query asks for, unless another was swapped in. */
  readonly find: Finder;
}

/** How queries find orders. */
export interface Finder {
  order(ref: OrderNumbers): MockOrder | undefined;
  combineOrder(combineOutTradeNo: string): MockCombineOrder | undefined;
}

/** An endpoint that reads its own requests. */
export interface Route {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** The path, with a group for each parameter in it. */
  readonly pattern: RegExp;
  /** @throws {Problem} 400 naming the parameter at fault */
  read(request: ReceivedRequest, segments: readonly string[], mchid: string): ReadRequest;
}

/** A request whose parameters are those of its endpoint. */
export interface ReadRequest {
  readonly numbers: OrderNumbers;
  /** @throws {Problem} a business refusal */
  answer(world: Stores & { readonly find: Finder }): Answer;
}

/** Makes an endpoint read its own requests: exactly the parameters it takes, no more. */
export function route<Path extends object, Fields extends object>(endpoint: Endpoint<Path, Fields>): Route {
  const { operation, method, path, inPath, fields, merchant } = endpoint;
  return {
    operation,
    method,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]*)')}$`),
    read({ target, body }, segments, mchid) {
      const location = method === 'GET' ? 'query' : 'body';
      const given = location === 'query' ? queryEntries(target) : bodyEntries(body);
      if (location === 'body' && target.includes('?'))
        throw undefinedParameters(
          queryEntries(target).map(([name]) => ({ location: 'query', pointer: `/${name}` })),
        );
      const named = Object.keys(inPath).map((name, i) => [name, decode(segments[i])] as const);
      const parameters: Path & Fields = {
        ...readAll(inPath, named, { location: 'uri_template', pointer: '' }),
        ...readAll(fields, given, { location, pointer: '' }),
      };
      if (merchant !== undefined && parameters[merchant] !== mchid)
        throw contradiction(
          { location, pointer: `/${String(merchant)}` },
          parameters[merchant],
          '与Authorization中的商户号不一致',
        );
      const numbers = numbersIn(parameters);
      return { numbers, answer: (world) => endpoint.answer({ ...world, parameters, numbers }) };
    },
  };
}

/** The endpoint of a request with the raw segments of its path parameters, or why there is none. */
export type Found =
  { readonly route: Route; readonly segments: readonly string[] } | { readonly missing: 404 | 405 };

/** Finds the endpoint of a request. */
export function findRoute(routes: readonly Route[], { method, target }: ReceivedRequest): Found {
  const [path = ''] = target.split('?', 1);
  const matches = routes.flatMap((each) => {
    const match = each.pattern.exec(path);
    return match === null ? [] : [{ route: each, segments: match.slice(1) }];
  });
  const found = matches.find((match) => match.route.method === method);
  return found ?? { missing: matches.length > 0 ? 405 : 404 };
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
    throw unreadable('请求报文主体不是合法的JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable('请求报文主体不是JSON对象');
  return Object.entries(value);
}

function numbersIn(parameters: object): OrderNumbers {
  const named = new Map<string, unknown>(Object.entries(parameters));
  const [outTradeNo, combineOutTradeNo, transactionId, subMchid] = [
    'out_trade_no',
    'combine_out_trade_no',
    'transaction_id',
    'sub_mchid',
  ].map((name) => {
    const value = named.get(name);
    return typeof value === 'string' ? value : undefined;
  });
  return { outTradeNo: outTradeNo ?? combineOutTradeNo, transactionId, subMchid };
}

function decode(segment = ''): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw unreadable('请求URL不是合法的百分号编码');
  }
}
