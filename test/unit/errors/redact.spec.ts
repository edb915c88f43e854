import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { logLine, redact, removeSecrets } from '../../../lib/errors/redact.js';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const signature = randomBytes(256).toString('base64');
const APIV2_KEY = 'k8Jd0sLq2mZx4Vb6Nt1Rw3Yu5Pi7Oa9E';
const PAYMENT_CODE = '134567890123456789';
const openid = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o';

describe('redact', () => {
  it.each([
    ['a private key', pem, '[pem]'],
    ['a private key on one line', pem.trim().replaceAll('\n', String.raw`\n`), '[pem]'],
    ['a private key, and no more,', `${pem.trim()} of the app`, '[pem] of the app'],
    ['a private key that was cut off', pem.slice(0, 400), '[pem]'],
    ['a signature', signature, '[secret]'],
    ['a signature with many slashes', Array(9).fill('Ab0'.repeat(12)).join('/'), '[secret]'],
    [
      'a signature with a part in small letters',
      `${Array(9).fill('Ab0'.repeat(12)).join('/')}/abc`,
      '[secret]',
    ],
    ['a value of slashes and padding', Buffer.alloc(64, 0xff).toString('base64'), '[secret]'],
    ['a signature in a query string', encodeURIComponent(signature), '[secret]'],
    ['an HMAC in a path', `/callbacks/${randomBytes(32).toString('hex')}`, '[secret]'],
    ['an HMAC in hexadecimal', randomBytes(32).toString('hex'), '[secret]'],
    [
      'an Authorization header',
      `WECHATPAY2-SHA256-RSA2048 mchid="1900000109",nonce_str="x",timestamp="1",serial_no="S",signature="${signature}"`,
      '[authorization]',
    ],
    [
      'an Authorization header with two blanks',
      'WECHATPAY2-SHA256-RSA2048  mchid="1900000109",nonce_str="593BEC0C930BF1AFEB40B4A08C8FB242"',
      '[authorization]',
    ],
    [
      'a bearer token behind two blanks',
      `Bearer  ${randomBytes(24).toString('base64url')}`,
      '[authorization]',
    ],
    ['a bearer token', `Bearer ${randomBytes(24).toString('base64url')}`, '[authorization]'],
    [
      'a proxy password',
      `Basic ${Buffer.from('proxy:hunter2-hunter2').toString('base64')}`,
      '[authorization]',
    ],
    ['a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl', '[token]'],
    ['the text that APIv2 signs', `appid=wx1&key=${APIV2_KEY}`, 'appid=wx1&key=[secret]'],
    ['a short key', 'apiV2Key=hunter2', 'apiV2Key=[secret]'],
    ['a key in JSON', `{"key":"${APIV2_KEY}"}`, '{"key":"[secret]"}'],
    ['a key in JSON within JSON', String.raw`\"key\":\"${APIV2_KEY}\"`, String.raw`\"key\":\"[secret]\"`],
    ['a key as Node shows it', `{ secret: '${APIV2_KEY}' }`, "{ secret: '[secret]' }"],
    [
      'each of two keys',
      `{ apiV2Key: '${APIV2_KEY}', apiV3Key: '${APIV2_KEY}' }`,
      "{ apiV2Key: '[secret]', apiV3Key: '[secret]' }",
    ],
    [
      'each of two keys in a sentence',
      `the apiV2Key is ${APIV2_KEY}, the apiV3Key ${APIV2_KEY}`,
      'the apiV2Key is [secret], the apiV3Key [secret]',
    ],
    ['a key behind two blanks', `key =  ${APIV2_KEY}`, 'key =  [secret]'],
    ['a key in brackets', `key=[${APIV2_KEY}]`, 'key=[[secret]]'],
    ['a key behind an arrow', `key => ${APIV2_KEY}`, 'key => [secret]'],
    ['a key behind an arrow without blanks', `key=>${APIV2_KEY}`, 'key=>[secret]'],
    ['a key in quotes', `key '${APIV2_KEY}'`, "key '[secret]'"],
    ['a key in a sentence', `the key is ${APIV2_KEY}`, 'the key is [secret]'],
    ['the bytes of a key', `key: <Buffer 31 39 32 30 30 ... 27 more bytes>`, 'key: <Buffer [secret]>'],
    [
      'the bytes of a key in JSON',
      '{"key":{"type":"Buffer","data":[49,57,50]}}',
      '{"key":{"type":"Buffer","data":[secret]}}',
    ],
    [
      'the bytes of each of two keys in JSON',
      JSON.stringify([Buffer.from('192'), Buffer.from('019')]),
      '[{"type":"Buffer","data":[secret]},{"type":"Buffer","data":[secret]}]',
    ],
    [
      'the bytes of a key in JSON within JSON',
      JSON.stringify({ body: JSON.stringify({ bytes: Buffer.from('192') }) }),
      String.raw`{"body":"{\"bytes\":{\"type\":\"Buffer\",\"data\":[secret]}}"}`,
    ],
    ['a signature in XML', `<sign><![CDATA[${APIV2_KEY}]]></sign>`, '<sign><![CDATA[[secret]]]></sign>'],
    ['a payment code in JSON', `{"auth_code":"${PAYMENT_CODE}"}`, '{"auth_code":"[secret]"}'],
    [
      'a payment code in XML',
      `<auth_code><![CDATA[${PAYMENT_CODE}]]></auth_code>`,
      '<auth_code><![CDATA[[secret]]]></auth_code>',
    ],
    ['a payment code as Node shows it', `{ authCode: '${PAYMENT_CODE}' }`, "{ authCode: '[secret]' }"],
    ['a payment code in a query string', `auth_code=${PAYMENT_CODE}&body=x`, 'auth_code=[secret]&body=x'],
    ['a payment code in a sentence', `the auth code ${PAYMENT_CODE}.`, 'the auth code [secret].'],
    ['a payment code in Chinese', `付款码${PAYMENT_CODE}已过期`, '付款码[secret]已过期'],
    [
      'a payment code under its other names',
      `授权码:${PAYMENT_CODE},二维码:${PAYMENT_CODE}`,
      '授权码:[secret],二维码:[secret]',
    ],
    ['a bar code in Chinese', `条码${PAYMENT_CODE}, 条形码${PAYMENT_CODE}`, '条码[secret], 条形码[secret]'],
    [
      'a bar code',
      `Barcode ${PAYMENT_CODE}, bar code ${PAYMENT_CODE}`,
      'Barcode [secret], bar code [secret]',
    ],
    ['a QR code', `QR code "${PAYMENT_CODE}", qrcode=${PAYMENT_CODE}`, 'QR code "[secret]", qrcode=[secret]'],
    [
      'a payment code that is named so',
      `The payment code is ${PAYMENT_CODE}.`,
      'The payment code is [secret].',
    ],
    ['a JWT behind a tabulator in JSON', String.raw`\teyJhbGciOiJIUzI1NiJ9.e30.c2ln`, String.raw`\t[token]`],
    [
      'a bearer token behind a line end in JSON',
      String.raw`\nBearer ${randomBytes(24).toString('base64url')}`,
      String.raw`\n[authorization]`,
    ],
  ])('replaces %s', (_, secret, placeholder) => {
    expect(redact(`it is ${secret}`)).toBe(`it is ${placeholder}`);
  });

  it.each([
    ['Chinese text', '订单不存在，请检查商户订单号'],
    ['an order number in the form of a payment code', 'order 134567890123456789'],
    ['an order number after a payment code is named', 'auth_code is wrong for order 1345678901234567890'],
    ['a constraint of a database', 'duplicate key value violates "sales_pkey", Key (id)=(5)'],
    ['a WeChat Pay order number', '4200001234202601011234567890'],
    ['a Request-ID', '0887CCB89F0610980118CAC19F5C20A5EC012898C703-268512771'],
    ['the name of the signature algorithm', 'Use WECHATPAY2-SHA256-RSA2048 instead.'],
    ['a long path', '/srv/app/node_modules/nestjs-wxpay/dist/esm/transport/host-health/BaseExceptionFilter'],
    ['a long path with a time', '/srv/app/releases/20260101t120000/node_modules/nestjs-wxpay/dist/index'],
    [
      'a long path with a name in capitals',
      '/srv/app/releases/BUILD42/node_modules/nestjs-wxpay/dist/esm/index',
    ],
    [
      'a path with a serial number',
      '/srv/app/certificates/merchants/5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    ],
    ['a URL', 'https://pay.weixin.qq.com/doc/v3/merchant/4012791860/development-guide/sign-and-verify/faq'],
    ['an e-mail-like word', 'basic authentication is required'],
  ])('leaves %s readable', (_, text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['a line break', 'ok\r\n[Nest] 1 - ERROR forged'],
    ['a terminal escape', 'ok\u001B[Nest] 1 - ERROR forged'],
    ['a Unicode line separator', 'ok\u2028[Nest] 1 - ERROR forged'],
    ['a text direction override', 'ok\u202E[Nest] 1 - ERROR forged'],
    ['a null character', 'ok\u0000[Nest] 1 - ERROR forged'],
  ])('keeps one line when the text has %s', (_, text) => {
    expect(redact(text)).toBe('ok [Nest] 1 - ERROR forged');
  });

  it('cuts a long text to 200 characters', () => {
    expect(redact('no '.repeat(500))).toBe(`${'no '.repeat(500).slice(0, 200)}…`);
  });

  it('leaves a text of 200 characters whole', () => {
    const text = `${'no '.repeat(66)}no`;

    expect(text).toHaveLength(200);
    expect(redact(text)).toBe(text);
  });

  it('keeps a character of two halves before the cut', () => {
    const text = `😀${'no '.repeat(100)}`;

    expect(redact(text)).toBe(`${text.slice(0, 200)}…`);
  });

  it('never cuts a character in half', () => {
    expect(redact(`${'好'.repeat(199)}😀😀`)).toBe(`${'好'.repeat(199)}…`);
  });

  it('replaces secrets before it cuts', () => {
    expect(redact(`${'no '.repeat(60)}${signature}`)).toBe(`${'no '.repeat(60)}[secret]`);
  });

  it.each([
    'WECHATPAY2-',
    '-----BEGIN ',
    'eyJ',
    String.raw`\neyJ`,
    'Bearer ',
    'oA',
    'oA-',
    'key=',
    'a/',
    '"type":"Buffer",',
  ])('reads a megabyte of %p in linear time', (part) => {
    const started = performance.now();

    redact(part.repeat(1_000_000 / part.length));

    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('removeSecrets', () => {
  it('replaces the bytes of a key in indented JSON, also within JSON', () => {
    const text = JSON.stringify({ bytes: Buffer.from('192') }, null, 2);
    const placeholder = '{\n  "bytes": {\n    "type": "Buffer",\n    "data": [secret]\n  }\n}';

    expect(removeSecrets(text)).toBe(placeholder);
    expect(removeSecrets(JSON.stringify(text))).toBe(JSON.stringify(placeholder));
  });

  it('keeps the lines and the length of a text', () => {
    const text = `two faults:\n  - ${'no '.repeat(200)}\n  - ${openid}`;

    expect(removeSecrets(text)).toBe(text.replace(openid, '[openid]'));
  });
});

describe('logLine', () => {
  it('begins with the merchant, if there is one', () => {
    expect(logLine('eu', 'WeChat Pay is busy.')).toBe('[eu] WeChat Pay is busy.');
    expect(logLine(undefined, 'WeChat Pay is busy.')).toBe('WeChat Pay is busy.');
  });

  it('redacts the name of the merchant', () => {
    expect(logLine(`of ${openid}\n`, 'WeChat Pay is busy.')).toBe('[of [openid]] WeChat Pay is busy.');
  });
});
