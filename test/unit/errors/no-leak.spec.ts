import { createHash, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { logLine } from '../../../lib/errors/redact.js';
import { WxPayApiError } from '../../../lib/errors/wxpay-api-error.js';
import { WxPayConfigError } from '../../../lib/errors/wxpay-config-error.js';
import { WxPayError } from '../../../lib/errors/wxpay-error.js';
import { WxPayInputError } from '../../../lib/errors/wxpay-input-error.js';
import { WxPayProtocolError } from '../../../lib/errors/wxpay-protocol-error.js';
import { WxPaySignatureError } from '../../../lib/errors/wxpay-signature-error.js';
import { WxPayTransportError } from '../../../lib/errors/wxpay-transport-error.js';
import { toHttpException } from '../../../lib/filters/to-http-exception.js';

class AppError extends WxPayError {
  readonly code = 'APP';
}

/** Each class with the given text in every input that can come from outside. */
const CLASSES: Readonly<Record<string, (text: string, cause: unknown) => WxPayError>> = {
  WxPayApiError: (text) => {
    const detail = { field: text, issue: text, location: text, value: text };
    return new WxPayApiError({
      call: { operation: text, subject: text, merchant: text },
      code: text,
      httpStatus: 500,
      signed: false,
      text,
      requestId: text,
      detail,
    });
  },
  WxPayConfigError: (text) => new WxPayConfigError([text, `${text}.`], { merchant: text }),
  WxPayInputError: (text) => new WxPayInputError(text, text),
  WxPayProtocolError: (text, cause) => new WxPayProtocolError(text, text, { merchant: text, cause }),
  WxPaySignatureError: (text, cause) => new WxPaySignatureError('mismatch', text, { merchant: text, cause }),
  WxPayTransportError: (text, cause) =>
    new WxPayTransportError(text, { merchant: text, cause, hosts: [text, text], httpStatus: 502 }),
  AppError: (text, cause) => new AppError(text, { merchant: text, cause }),
};

const base64url = (minLength: number, maxLength = minLength) =>
  fc.stringMatching(new RegExp(`^[A-Za-z0-9_-]{${minLength},${maxLength}}$`));

// Signatures are uniform; the arrays of equal bytes that fast-check likes are none.
const signature = fc
  .nat()
  .map((seed) => createHash('shake256', { outputLength: 256 }).update(String(seed)).digest('base64'));
function hashOf(seed: number, bytes: number): string {
  return createHash('shake256', { outputLength: bytes }).update(String(seed)).digest('base64url');
}
const openid = fc
  .tuple(fc.nat(), fc.constantFrom('', 'Z'))
  // The end makes sure of each class of characters.
  .map(([seed, more]) => `o${hashOf(seed, 18)}A1b${more}`);
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
});

/** What must not appear, and the text in which it arrives. */
const secrets = fc.oneof(
  signature.map((value) => ({ value, text: value })),
  signature.map((value) => ({
    value,
    text: `WECHATPAY2-SHA256-RSA2048 mchid="1900000109",nonce_str="n",signature="${value}"`,
  })),
  fc
    .tuple(openid, fc.constantFrom('', 'user_', 'wx-', 'x', 'openId', '1900000109'))
    .map(([value, before]) => ({ value, text: before + value })),
  base64url(1, 60).map((value) => ({ value: `key=${value}`, text: `appid=wx1&key=${value}` })),
  base64url(16, 60).map((value) => ({
    value,
    text: `Bearer ${value}`,
  })),
  base64url(20, 60).map((value) => ({ value, text: `eyJ0.eyJ9.${value}` })),
  fc.integer({ min: 1, max: 20 }).map((line) => ({
    value: pem.toString().split('\n')[line] ?? '',
    text: pem.toString(),
  })),
);

const separator = fc.constantFrom(' ', '\n', '"', ': ', '\n    at ', ' (', '=', '，');
const ordinary = fc.oneof(
  fc.constantFrom('', '订单号非法', 'order T20260101', 'no', '/srv/app/lib/v3.client.ts:10:2'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
/** As it stands in logs and replies: bare, or in JSON, once or within a text of another JSON. */
const wrapping = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => JSON.stringify({ headers: { authorization: [text] } }),
  (text) => JSON.stringify({ body: JSON.stringify({ payer: { openid: text } }) }),
);
const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const controls = fc.constantFrom(
  '\n[Nest] forged',
  '\r',
  '\u001B[31m',
  '\u009B31m',
  '\u2028',
  '\u2029',
  '\u202E',
  '\u2066',
  '\0',
);
const surroundings = fc.tuple(ordinary, separator, separator, ordinary);

describe('every class of error', () => {
  it.each(Object.entries(CLASSES))('%s contains no secret of its inputs', (_, create) => {
    fc.assert(
      fc.property(secrets, wrapping, surroundings, (secret, wrap, [before, open, close, after]) => {
        const text = wrap(`${before}${open}${secret.text}${close}${after}`);
        const inner = Object.assign(new Error(text), { config: { headers: { Authorization: text } } });
        const cause = Object.assign(new Error(text, { cause: inner }), { code: text, request: text });

        const error = create(text, cause);

        const exception = toHttpException(error);
        const shown = [
          JSON.stringify(error),
          inspect(error, { depth: Infinity, showHidden: true }),
          String(error),
          error.stack,
          JSON.stringify(exception.getResponse()),
          inspect(exception, { depth: Infinity, showHidden: true }),
        ].join('\n');
        expect(shown).not.toContain(secret.value);
        expect(shown).not.toContain(JSON.stringify(secret.value).slice(1, -1));
      }),
      { numRuns: 200 },
    );
  });

  it.each(Object.entries(CLASSES))('%s has a message of one line without control characters', (_, create) => {
    fc.assert(
      fc.property(ordinary, controls, ordinary, (before, control, after) => {
        const error = create(`${before}${control}${after}`, new Error(control));

        // The lines of a configuration error are its faults, those of a stack its frames.
        const lines = (
          error instanceof WxPayConfigError ? error.message.split('\n') : [error.message]
        ).concat(
          error.merchant ?? '',
          error.stack?.split('\n') ?? [],
          logLine(control, error.message.replaceAll('\n', '')),
        );
        expect(lines.filter((line) => CONTROL.test(line))).toEqual([]);
        const shown = JSON.stringify(error) + inspect(error, { depth: Infinity, showHidden: true });
        expect(shown.replaceAll('\n', '')).not.toMatch(CONTROL);
        expect(error.message.split('\n').length).toBe(error instanceof WxPayConfigError ? 3 : 1);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps the harmless parts of a message', () => {
    const error = new WxPayTransportError('No answer.', {
      hosts: ['api.mch.weixin.qq.com'],
      merchant: 'eu',
      cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
    });

    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'WxPayTransportError',
      message: 'No answer.',
      code: 'WXPAY_TRANSPORT',
      retryable: true,
      merchant: 'eu',
      timedOut: false,
      hosts: ['api.mch.weixin.qq.com'],
      attempts: 0,
      cause: 'Error: socket hang up',
    });
    expect(inspect(error)).toContain('socket hang up');
  });
});
