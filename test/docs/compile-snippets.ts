import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';
import { fencesOf, readPage } from './markdown.js';

/** What snippets take for granted: the globals of a test, the services of an app that runs, a shop around them, and an order to ask about. */
const PRELUDE = `
import type { INestApplication } from '@nestjs/common';
import type {
  BillService,
  CombineOrderService,
  Discrepancy,
  Order,
  OrderCloseService,
  OrderQueryService,
  OrderReverseService,
  OrderSettleService,
  ShopOrder,
  PlacedOrder,
  PrepayService,
  RefundService,
  WxPayClient,
  WxPayMerchants,
  WxPayOptions,
} from 'nestjs-wxpay';
import type { WxPayHealthIndicator } from 'nestjs-wxpay/terminus';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';

declare global {
  /** Key of an order. The number of an order alone is none: each merchant and each sub-merchant numbers its own orders. */
  type OrderKey = string & { readonly brand: 'OrderKey' };

  const afterAll: typeof import('@jest/globals').afterAll;
  const beforeAll: typeof import('@jest/globals').beforeAll;
  const describe: typeof import('@jest/globals').describe;
  const expect: typeof import('@jest/globals').expect;
  const it: typeof import('@jest/globals').it;

  const app: INestApplication;
  const appid: string;
  const bills: BillService;
  const client: WxPayClient;
  const combineOrder: CombineOrderService;
  const gateway: MockWxPayGateway;
  const kms: { sign(input: { algorithm: string; message: string; signal?: AbortSignal }): Promise<string> };
  const mchid: string;
  const merchants: WxPayMerchants;
  const notify_url: string;
  const options: WxPayOptions;
  const orderClose: OrderCloseService;
  const orderQuery: OrderQueryService;
  const orderReverse: OrderReverseService;
  const orderSettle: OrderSettleService;
  const orders: Pick<OrderQueryService, 'query'> & Pick<OrderCloseService, 'close'>;
  const openid: string;
  const outTradeNo: string;
  const prepay: PrepayService;
  const refunds: RefundService;
  const shop: {
    find(outTradeNos: readonly string[]): Promise<readonly ShopOrder[]>;
    fulfil(key: OrderKey, order: Order): Promise<void>;
    fulfilPart(key: OrderKey, total?: number): Promise<void>;
    later(at: Date, key: OrderKey): Promise<void>;
    log(error: Error): void;
    noteRefunded(key: OrderKey): Promise<void>;
    overdueOrders(): Promise<readonly PlacedOrder[]>;
    paidOn(date: string): AsyncIterable<ShopOrder>;
    placeOrder(outTradeNo: string): Promise<void>;
    refund(key: OrderKey): Promise<void>;
    report(difference: Discrepancy): Promise<void>;
    reportRefund(key: string, status: string): Promise<void>;
    releaseGoods(key: OrderKey): Promise<void>;
    save(order: PlacedOrder): Promise<void>;
    unpaidOrders(): Promise<readonly { outTradeNo: string; createdAt: Date }[]>;
  };
  const wxpay: WxPayHealthIndicator;
}
`;

/** Express, which comes with Nest's adapter without types. */
const EXPRESS = `
declare module 'express' {
  type Raw = import('node:http').IncomingMessage & { rawBody?: Buffer };
  type Verify = (req: Raw, res: import('node:http').ServerResponse, buf: Buffer) => void;
  export function json(options?: { verify?: Verify }): (...args: unknown[]) => void;
}
`;

/** Cursors of PostgreSQL, reduced to the part that snippets use. */
const POSTGRES = `
declare module 'pg-query-stream' {
  export default class QueryStream<Row = import('nestjs-wxpay').ShopOrder> implements AsyncIterable<Row> {
    constructor(sql: string, values: readonly unknown[]);
    submit(connection: object): void;
    destroy(): void;
    [Symbol.asyncIterator](): AsyncIterator<Row>;
  }
}
`;

/** Declarations of the library that return or contain the key of an order. For snippets they have the type `OrderKey`. */
const BRANDED: readonly (readonly [path: string, declaration: string])[] = [
  ['lib/domain/order-key.ts', 'partMchid?: string): string {'],
  ['lib/domain/tracking/settled-event.ts', 'readonly orderKey: string;'],
];

interface Snippet {
  readonly page: string;
  /** Where it would lie: beside the other snippets of its page, under the name in its first line if it has one. */
  readonly path: string;
  /** What is compiled: one line of imports that the page leaves out, then the snippet. */
  readonly source: string;
  /** The line of the page on which the snippet begins. */
  readonly line: number;
}

/**
 * Compiles the TypeScript of Markdown pages against the sources of the library, without writing a file.
 *
 * Each snippet is a module. Its first line may name its file, `// app.module.ts`, for other snippets of the page to import: readers copy
 * such a file, so it has all its imports. Other snippets may leave out what an earlier snippet of their page imports.
 *
 * @returns the faults, each with page and line
 */
export function compileSnippets(pages: readonly string[]): string[] {
  const snippets = pages.flatMap(snippetsOf);
  const sources = new Map(snippets.map(({ path, source }) => [path, source]));
  sources.set(resolve('snippets-prelude.d.ts'), PRELUDE);
  sources.set(resolve('snippets-express.d.ts'), EXPRESS);
  sources.set(resolve('snippets-postgres.d.ts'), POSTGRES);
  for (const [path, declaration] of BRANDED) sources.set(resolve(path), withOrderKey(path, declaration));

  const options = optionsOfRepository();
  const program = ts.createProgram([...sources.keys()], options, hostWith(sources, options));

  return snippets.flatMap((snippet) => {
    const file = program.getSourceFile(snippet.path);
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnostics.map((diagnostic) => describe(diagnostic, snippet));
  });
}

/** @throws {Error} if the source has no such declaration any more */
function withOrderKey(path: string, declaration: string): string {
  const source = readFileSync(path, 'utf8');
  if (!source.includes(declaration)) throw new Error(`${path} has no "${declaration}".`);
  return source.replace(declaration, declaration.replace(/string( \{|;)$/, 'OrderKey$1'));
}

function snippetsOf(page: string): Snippet[] {
  const known = new Map<string, string>();
  return fencesOf(readPage(page))
    .filter(({ language }) => language === 'ts')
    .map(({ code, line }, index) => {
      const file = /^\/\/ ([\w.-]+\.ts)\n/.exec(code)?.[1];
      const left = file === undefined ? [...known].filter(([name]) => uses(code, name)) : [];
      for (const [name, from] of importsOf(code)) known.set(name, from);
      const imports = left.map(([name, from]) => `import { ${name} } from '${from}';`).join(' ');
      // A module even if it imports nothing: snippets must not see each other.
      return {
        page,
        path: resolve(`${page}.snippets`, file ?? `snippet-${index + 1}.ts`),
        source: `${imports}\n${withExtensions(code)}export {};\n`,
        line,
      };
    });
}

/** The names that a snippet imports, and from where. */
function importsOf(code: string): Map<string, string> {
  const imports = [...code.matchAll(/^import (?:type )?\{([^}]+)\} from '([^']+)';/gm)];
  return new Map(
    imports.flatMap(([, names = '', from = '']) =>
      (names.match(/\b(?!type\b)\w+/g) ?? []).map((name): [string, string] => [name, from]),
    ),
  );
}

/** Completes imports that are written as jest in a CommonJS app wants them. */
function withExtensions(code: string): string {
  return code.replace(
    / from '(\.\/[\w.-]+)';/g,
    (_, path: string) => ` from '${path.replace(/(\.js)?$/, '.js')}';`,
  );
}

/** Whether a snippet needs a name from elsewhere. */
function uses(code: string, name: string): boolean {
  const declares = new RegExp(`\\b(class|const|function|interface|type) ${name}\\b`).test(code);
  return !declares && !importsOf(code).has(name) && new RegExp(`\\b${name}\\b`).test(code);
}

function describe({ file, start, messageText }: ts.Diagnostic, { page, line }: Snippet): string {
  // The first line of the source is not on the page.
  const offset = (file?.getLineAndCharacterOfPosition(start ?? 0).line ?? 1) - 1;
  return `${page}:${line + offset}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

function optionsOfRepository(): ts.CompilerOptions {
  const { config } = ts.readConfigFile('tsconfig.json', (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'));
  return {
    ...options,
    noEmit: true,
    declaration: false,
    // A snippet may declare what only its reader uses, and the imports added to it do not tell types from values.
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
  };
}

/** The files on disk with some more that exist in memory only. */
function hostWith(sources: ReadonlyMap<string, string>, options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const folders = new Set([...sources.keys()].map((path) => resolve(path, '..')));
  return {
    ...host,
    directoryExists: (path) => folders.has(path) || ts.sys.directoryExists(path),
    fileExists: (path) => sources.has(path) || host.fileExists(path),
    readFile: (path) => sources.get(path) ?? host.readFile(path),
    getSourceFile: (path, languageVersion, ...rest) => {
      const source = sources.get(path);
      return source === undefined
        ? host.getSourceFile(path, languageVersion, ...rest)
        : ts.createSourceFile(path, source, languageVersion);
    },
  };
}
