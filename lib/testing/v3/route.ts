import type { DraftReply, ReceivedRequest } from '../http/exchange.js';
import type { MockCombineOrder } from '../orders/mock-combine-order.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { OrderNumbers } from '../orders/orders.js';
import type { MockRefund } from '../refunds/mock-refund.js';
import type { Stores } from '../orders/stores.js';
import { readAll, type Readers } from './parameters.js';
import { contradictoryParameter, undefinedParameters, unreadableRequest } from './parameter-problems.js';

/** APIv3 endpoint, as data. */
export interface Endpoint<Path, Fields> {
  /** Name of the operation; several endpoints may share it. */
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** Path with `{name}` for its parameters. */
  readonly path: string;
  readonly inPath: Readers<Path>;
  /** Parameters from the query for GET, from the JSON body for POST. */
  readonly fields: Readers<Fields>;
  /** Parameter that must be the merchant who signed the request. */
  readonly merchant?: NoInfer<keyof Path | keyof Fields>;
  /** Processes the request. @throws {Problem} for a business refusal */
  reply(call: Call<Path & Fields>): DraftReply;
}

/** Parsed request. */
export interface Call<Parameters> extends Stores {
  readonly parameters: Parameters;
  /** Numbers of the order in the parameters. */
  readonly numbers: OrderNumbers;
  /** Identifier of the platform key that the request names, and encrypts with. */
  readonly serialNo: string | undefined;
  /** Finds the order for a query; returns the swapped one if there is a swap. */
  readonly find: Finder;
}

/** Looks up orders for queries. */
export interface Finder {
  order(ref: OrderNumbers): MockOrder | undefined;
  combineOrder(combineOutTradeNo: string): MockCombineOrder | undefined;
  refund(ref: OrderNumbers): MockRefund | undefined;
}

/** Endpoint with a parser for its requests. */
export interface Route {
  readonly operation: string;
  readonly method: 'GET' | 'POST';
  /** Pattern of the path, with a group for each parameter. */
  readonly pattern: RegExp;
  /** Parses a request. @throws {Problem} 400 with the name of the invalid parameter */
  read(request: ReceivedRequest, segments: readonly string[], mchid: string): ReadRequest;
}

/** Request with valid parameters. */
export interface ReadRequest {
  readonly numbers: OrderNumbers;
  /** Processes the request. @throws {Problem} for a business refusal */
  reply(context: Stores & { readonly find: Finder }): DraftReply;
}

/** Adds a parser to an endpoint. It accepts exactly the parameters of the endpoint. */
export function route<Path extends object, Fields extends object>(endpoint: Endpoint<Path, Fields>): Route {
  const { operation, method, path, inPath, fields, merchant } = endpoint;
  return {
    operation,
    method,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '([^/]*)')}$`),
    read({ target, body, headers }, segments, mchid) {
      const location = method === 'GET' ? 'query' : 'body';
      const given = location === 'query' ? queryEntries(target) : bodyEntries(body);
      if (location === 'body' && target.includes('?')) {
        throw undefinedParameters(
          queryEntries(target).map(([name]) => ({ location: 'query', pointer: `/${name}` })),
        );
      }
      const named = Object.keys(inPath).map((name, i) => [name, decode(segments[i])] as const);
      const parameters: Path & Fields = Object.assign(
        readAll(inPath, named, { location: 'uri_template', pointer: '' }),
        readAll(fields, given, { location, pointer: '' }),
      );
      if (merchant !== undefined && parameters[merchant] !== mchid) {
        throw contradictoryParameter(
          { location, pointer: `/${String(merchant)}` },
          parameters[merchant],
          '与Authorization中的商户号不一致',
        );
      }
      const numbers = numbersIn(parameters);
      const { 'wechatpay-serial': serialNo } = headers;
      const key = typeof serialNo === 'string' ? serialNo : undefined;
      return {
        numbers,
        reply: (context) => endpoint.reply({ parameters, numbers, serialNo: key, ...context }),
      };
    },
  };
}

/** Endpoint of a request with its undecoded path parameters, or the status if there is none. */
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
    throw unreadableRequest('请求报文主体不是合法的JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadableRequest('请求报文主体不是JSON对象');
  }
  return Object.entries(value);
}

function numbersIn(parameters: object): OrderNumbers {
  const named = new Map<string, unknown>(Object.entries(parameters));
  const [outTradeNo, combineOutTradeNo, transactionId, subMchid, outRefundNo] = [
    'out_trade_no',
    'combine_out_trade_no',
    'transaction_id',
    'sub_mchid',
    'out_refund_no',
  ].map((name) => {
    const value = named.get(name);
    return typeof value === 'string' ? value : undefined;
  });
  return { outTradeNo: outTradeNo ?? combineOutTradeNo, transactionId, subMchid, outRefundNo };
}

function decode(segment = ''): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw unreadableRequest('请求URL不是合法的百分号编码');
  }
}
