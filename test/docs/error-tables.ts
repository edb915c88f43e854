import { readdirSync, readFileSync } from 'node:fs';
import { ERROR_CATALOG, findError } from '../../lib/errors/catalog.js';
import { SPECIAL_CASES } from '../../lib/errors/special-cases.js';
import { WxPayApiError } from '../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../lib/errors/wxpay-config-error.js';
import type { WxPayError } from '../../lib/errors/wxpay-error.js';
import { WxPayInputError } from '../../lib/errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../lib/errors/wxpay-transport-error.js';
import { toHttpException } from '../../lib/filters/to-http-exception.js';

const FOLDER = 'lib/errors';

const refusal = (code: string, httpStatus: number, field?: string): WxPayApiError =>
  new WxPayApiError({
    call: { operation: 'order.query', subject: 'order T1', merchant: 'default' },
    code,
    httpStatus,
    signed: false,
    detail: { field },
  });

/** One error for each answer that a class can lead to, with the field that makes the difference. */
const SAMPLES: readonly (readonly [error: WxPayError, difference?: string])[] = [
  [new WxPayInputError('outTradeNo', 'is missing.')],
  [new WxPayInputError('createdAt', 'is too recent.', { retryAt: new Date() }), 'with `retryAt`'],
  [new WxPayTransportError('No answer.')],
  [new WxPayTransportError('No answer.', { httpStatus: 503 }), 'with `httpStatus` 503'],
  [new WxPayTransportError('No answer.', { timedOut: true }), 'with `timedOut`'],
  [new WxPayTransportError('No key.', { retryable: false }), 'if its `cause` says so'],
  [new WxPaySignatureError('missing')],
  [new WxPayProtocolError('$', 'It is not JSON.')],
  [new WxPayProtocolError('$', 'Not known.', { httpStatus: 500 }), 'with `httpStatus` 202 or 5xx'],
  [new WxPayConfigError(['mchid is missing.'])],
];

/** The tables of the page, by the name of their markers. */
export const TABLES: Readonly<Record<string, () => string>> = {
  classes: classTable,
  codes: codeTable,
  'special-cases': specialCaseTable,
};

/**
 * The page with the tables between its markers brought up to date.
 *
 * @throws {Error} when the page has no place for a table
 */
export function withErrorTables(page: string): string {
  return Object.entries(TABLES).reduce((text, [name, render]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [before, rest] = text.split(start);
    const after = rest?.split(end)[1];
    if (before === undefined || after === undefined) throw new Error(`The page lacks ${start} and ${end}.`);
    return `${before}${start}\n\n<!-- prettier-ignore -->\n${render()}\n\n${end}${after}`;
  }, page);
}

function classTable(): string {
  const rows = readdirSync(FOLDER)
    .map((file) => readFileSync(`${FOLDER}/${file}`, 'utf8'))
    .flatMap((source) => {
      const [, comment, name] = /\/\*\*((?:(?!\*\/).)*)\*\/\nexport class (\w+Error) /s.exec(source) ?? [];
      return comment === undefined || name === undefined ? [] : [classRow(name, comment)];
    });
  return table(['Class', '`code`', 'Status', 'Retryable', 'What it means'], rows);
}

function classRow(name: string, comment: string): readonly string[] {
  const [firstParagraph = ''] = comment
    .replaceAll(/^ *\* ?/gm, '')
    .trim()
    .split('\n\n');
  const meaning = firstParagraph.replaceAll('\n', ' ');
  if (name === WxPayApiError.name) {
    return [`\`${name}\``, "WeChat's own", 'see below', 'see below', meaning];
  }
  const samples = SAMPLES.filter(([error]) => error.name === name);
  const [first] = samples;
  if (first === undefined) throw new Error(`${name} has no sample.`);
  const column = (valueOf: (error: WxPayError) => string): string =>
    samples
      .filter(([error], index) => index === 0 || valueOf(error) !== valueOf(first[0]))
      .map(([error, difference]) => [valueOf(error), difference].filter(Boolean).join(' '))
      .join(', ');
  return [
    `\`${name}\``,
    `\`${first[0].code}\``,
    column(statusOf),
    column(({ retryable }) => yesOrNo(retryable)),
    meaning,
  ];
}

function codeTable(): string {
  return table(
    ['`code`', '`kind`', 'Status', 'Retryable', 'What to do'],
    [
      ...ERROR_CATALOG.map(({ code }) => codeRow(`\`${code}\``, code)),
      codeRow('any with HTTP 429', 'UNLISTED', 429),
      codeRow('any other with HTTP 5xx', 'UNLISTED', 500),
      codeRow('any other', 'UNLISTED'),
    ],
  );
}

function specialCaseTable(): string {
  return table(
    ['`code`', 'When', '`kind`', 'Status', 'What to do'],
    SPECIAL_CASES.map(({ code, when, kind, status, remedy }) => [
      `\`${code}\``,
      when,
      `\`${kind}\``,
      String(status),
      remedy,
    ]),
  );
}

function codeRow(name: string, code: string, httpStatus = 400): readonly string[] {
  const { kind, retryable, remedy } = findError(code, httpStatus);
  const status = statusOf(refusal(code, httpStatus));
  const blamed = statusOf(refusal(code, httpStatus, 'out_trade_no'));
  return [
    name,
    `\`${kind}\``,
    blamed === status ? status : `${status}, ${blamed} for a value of the client's`,
    yesOrNo(retryable),
    remedy,
  ];
}

function statusOf(error: WxPayError): string {
  return String(toHttpException(error).getStatus());
}

function yesOrNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
