import { createHash, generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
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
  base64url(26).map((rest) => ({ value: `o${rest}Z`, text: `o${rest}Z` })),
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
const surroundings = fc.tuple(ordinary, separator, separator, ordinary);

describe('every class of error', () => {
  it.each(Object.entries(CLASSES))('%s shows no secret, whatever it was made of', (_, create) => {
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

  it('is still of use: the harmless parts stay', () => {
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
