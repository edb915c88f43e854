import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readCertificates, readPrivateKey, readPublicKey } from '../../../lib/crypto/pem.js';
import { certificateFor } from '../../support/fixtures/certificates.js';
import { rsaKeys } from '../../support/fixtures/rsa-keys.js';

const keys = rsaKeys();
const { privateKey, publicKey, privatePem, publicPem } = keys;
const pkcs1Pem = privateKey.export({ format: 'pem', type: 'pkcs1' }).toString();
const pkcs1PublicPem = publicKey.export({ format: 'pem', type: 'pkcs1' }).toString();
const certificatePem = await certificateFor(keys);

/** Without the BEGIN and END lines. */
function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[A-Z ]+-----/g, ''), 'base64');
}

const FORMS: readonly (readonly [form: string, write: (pem: string) => string | Buffer])[] = [
  ['PEM', (pem) => pem],
  ['PEM without its last line end', (pem) => pem.trimEnd()],
  ['PEM with Windows line ends', (pem) => pem.replaceAll('\n', '\r\n')],
  ['PEM with escaped line ends', (pem) => pem.replaceAll('\n', '\\n')],
  ['PEM with escaped Windows line ends', (pem) => pem.replaceAll('\n', '\\r\\n')],
  ['PEM with spaces for line ends', (pem) => pem.replaceAll('\n', ' ')],
  ['PEM in one line', (pem) => pem.replaceAll('\n', '')],
  ['PEM indented', (pem) => pem.replaceAll('\n', '\n    ')],
  ['base64 of the PEM file', (pem) => Buffer.from(pem).toString('base64')],
  ['base64 of the PEM file, folded', (pem) => Buffer.from(pem).toString('base64').replace(/.{76}/g, '$&\n')],
  ['base64 of the DER body', (pem) => derOf(pem).toString('base64')],
  ['the bytes of a PEM file', (pem) => Buffer.from(pem)],
  ['the bytes of a PEM file with a byte order mark', (pem) => Buffer.from(`\uFEFF${pem}`)],
  ['the bytes of a DER file', derOf],
  ['PEM with line ends that are escaped twice', (pem) => pem.replaceAll('\n', '\\\\n')],
  ['PEM with escaped line ends in quotes', (pem) => JSON.stringify(pem)],
  ['PEM with escaped line ends in escaped quotes', (pem) => JSON.stringify(JSON.stringify(pem)).slice(1, -1)],
  ['PEM in single quotes', (pem) => `'${pem}'`],
  ['PEM without its END line', (pem) => pem.replace(/-----END .*/, '')],
  ['the bytes of a PEM file in UTF-16', (pem) => Buffer.from(`\uFEFF${pem}`, 'utf16le')],
  [
    'the bytes of a PEM file in UTF-16, high byte first',
    (pem) => Buffer.from(`\uFEFF${pem}`, 'utf16le').swap16(),
  ],
  ['the bytes of a PEM file in UTF-16 without a byte order mark', (pem) => Buffer.from(pem, 'utf16le')],
  ['a PEM file in UTF-16 that was read as UTF-8', (pem) => Buffer.from(`\uFEFF${pem}`, 'utf16le').toString()],
  ['base64 of base64', (pem) => Buffer.from(Buffer.from(pem).toString('base64')).toString('base64')],
  ['base64 in quotes', (pem) => `"${Buffer.from(pem).toString('base64')}"`],
  ['base64 of a PEM file in UTF-16', (pem) => Buffer.from(`\uFEFF${pem}`, 'utf16le').toString('base64')],
  ['PEM after other text', (pem) => `Bag Attributes\n    localKeyID: 01\n${pem}`],
];

describe('the forms of a key', () => {
  describe.each(FORMS)('given %s', (_form, write) => {
    it.each([
      ['PKCS#8', privatePem],
      ['PKCS#1', pkcs1Pem],
    ])('gives the private key of %s', (_kind, pem) => {
      const input = write(pem);

      expect(readPrivateKey(input).equals(privateKey)).toBe(true);
    });

    it.each([
      ['SPKI', publicPem],
      ['PKCS#1', pkcs1PublicPem],
      ['a certificate', certificatePem],
    ])('gives the public key of %s', (_kind, pem) => {
      const input = write(pem);

      expect(readPublicKey(input).equals(publicKey)).toBe(true);
    });
  });

  it.each([
    ['PKCS#1 under the header of PKCS#8', pkcs1Pem.replaceAll('RSA PRIVATE KEY', 'PRIVATE KEY')],
    ['PKCS#8 under the header of PKCS#1', privatePem.replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY')],
    ['the certificate before it in one file', certificatePem + privatePem],
    ['the certificate after it in one file', privatePem + certificatePem],
    ['the certificate before it, escaped', `${certificatePem}\n${privatePem}`.replaceAll('\n', '\\n')],
  ])('gives the private key of %s', (_kind, text) => {
    expect(readPrivateKey(text).equals(privateKey)).toBe(true);
  });

  it.each([
    ['PKCS#1 under the header of SPKI', pkcs1PublicPem.replaceAll('RSA PUBLIC KEY', 'PUBLIC KEY')],
    ['SPKI under the header of PKCS#1', publicPem.replaceAll('PUBLIC KEY', 'RSA PUBLIC KEY')],
  ])('gives the public key of %s', (_kind, text) => {
    expect(readPublicKey(text).equals(publicKey)).toBe(true);
  });

  it.each([
    ['the key before it', privatePem + certificatePem],
    ['the key after it', certificatePem + privatePem],
    ['another certificate after it', certificatePem + certificatePem],
    ['escaped line ends', certificatePem.replaceAll('\n', '\\n')],
  ])('gives the certificate of a file with %s', (_kind, text) => {
    expect(readCertificates(text)[0].raw).toEqual(derOf(certificatePem));
  });

  it('returns the rest of the certificate chain after the first certificate', () => {
    expect(readCertificates(certificatePem + certificatePem)).toHaveLength(2);
  });

  it('returns the same key for every folding, line end, indentation and encoding', () => {
    const lineEnds = fc.constantFrom('\n', '\r\n', '\\n', '\\r\\n', ' ', '');
    const indents = fc.constantFrom('', ' ', '\t', '    ');
    const blanks = fc.constantFrom('', ' ', '\n', '\r\n\r\n');
    const encodings = fc.constantFrom<(pem: string) => string | Buffer>(
      (pem) => pem,
      (pem) => Buffer.from(pem),
      (pem) => Buffer.from(pem).toString('base64'),
      (pem) => Buffer.from(Buffer.from(pem).toString('base64')),
    );
    const widths = fc.integer({ min: 1, max: 2_000 });

    fc.assert(
      fc.property(widths, lineEnds, indents, blanks, encodings, (width, lineEnd, indent, blank, encode) => {
        const [, begin = '', body = '', end = ''] = /^(-.+-)\n([^-]+)\n(-.+-)\n$/.exec(privatePem) ?? [];
        const lines = body.replaceAll('\n', '').match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
        const text = blank + [begin, ...lines, end].join(lineEnd + indent) + blank;

        const input = encode(text);

        expect(readPrivateKey(input).equals(privateKey)).toBe(true);
      }),
    );
  });

  it.each([
    ['a word', 'secret', 'is not PEM: it has no BEGIN line in its 6 characters.'],
    ['base64 of something else', Buffer.from('x'.repeat(600)).toString('base64'), 'is not PEM'],
    [
      'base64 of a PKCS#12 file',
      Buffer.from([0x30, 0x82, 0x0a, 0x0b, 2, 1, 3]).toString('base64'),
      'is a binary file of 7 bytes',
    ],
    [
      'the bytes of a PKCS#12 file whose length is left open',
      Buffer.from([0x30, 0x80, 2, 1, 3, 0, 0]),
      'is a binary file of 7 bytes',
    ],
    ['a damaged PEM', privatePem.slice(0, 400), 'its content is damaged or cut off'],
    ['a PEM of another kind', privatePem.replaceAll('PRIVATE KEY', 'X509 CRL'), 'starts with'],
  ])('finds no usable key in %s', (_kind, given, problem) => {
    const input = given;

    expect(() => readPrivateKey(input)).toThrow(problem);
  });
});
