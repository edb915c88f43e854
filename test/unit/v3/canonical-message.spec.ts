import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { verify } from 'node:crypto';
import { Formatter } from 'wechatpay-axios-plugin';
import { replyMessage, requestMessage } from '../../../lib/v3/canonical-message.js';
import { readSignatureSamples } from '../../support/fixtures/official-samples.js';

const { requests, reply } = readSignatureSamples();
const anyText = fc.string({ unit: 'binary', maxLength: 100 });
/** What a header or a request line can hold. */
const anyLine = fc.string({ unit: 'grapheme-ascii', maxLength: 40 });

describe('requestMessage', () => {
  it('builds five lines, each with a line end', () => {
    const message = requestMessage({
      method: 'POST',
      path: '/v3/pay/transactions/out-trade-no/a%7Cb/close',
      timestamp: '1554208460',
      nonce: 'nonce',
      body: '{"mchid":"1900000001"}',
    });

    expect(message).toBe(
      'POST\n/v3/pay/transactions/out-trade-no/a%7Cb/close\n1554208460\nnonce\n{"mchid":"1900000001"}\n',
    );
  });

  it('ends with an empty line for a request without a body', () => {
    const message = requestMessage({ method: 'GET', path: '/p?q=1', timestamp: '1', nonce: 'n', body: '' });

    expect(message).toBe('GET\n/p?q=1\n1\nn\n\n');
  });

  it('equals the message of another client, for any request', () => {
    fc.assert(
      fc.property(anyLine, anyLine, fc.nat(), anyLine, anyText, (method, path, seconds, nonce, body) => {
        const timestamp = String(seconds);

        const message = requestMessage({ method, path, timestamp, nonce, body });

        expect(message).toBe(Formatter.request(method, path, timestamp, nonce, body));
      }),
    );
  });

  // RSASSA-PKCS1-v1_5 is deterministic: a signature that verifies is the one that the page's key would make.
  it.each(requests.samples)(
    'builds the message that the signature of $page covers',
    ({ signature, ...request }) => {
      const message = requestMessage(request);

      expect(
        verify('sha256', Buffer.from(message), requests.publicKey, Buffer.from(signature, 'base64')),
      ).toBe(true);
    },
  );
});

describe('replyMessage', () => {
  it('builds three lines, each with a line end', () => {
    const message = replyMessage('1722850421', 'nonce', Buffer.from('{"code_url":"weixin://"}'));

    expect(Buffer.from(message).toString()).toBe('1722850421\nnonce\n{"code_url":"weixin://"}\n');
  });

  it('has an empty third line for a reply without a body', () => {
    const message = replyMessage('1722850421', 'nonce', new Uint8Array());

    expect(Buffer.from(message).toString()).toBe('1722850421\nnonce\n\n');
  });

  it('equals the message of another client, for any reply', () => {
    fc.assert(
      fc.property(fc.nat(), anyLine, anyText, (seconds, nonce, body) => {
        const message = replyMessage(String(seconds), nonce, Buffer.from(body));

        expect(Buffer.from(message)).toEqual(Buffer.from(Formatter.response(String(seconds), nonce, body)));
      }),
    );
  });

  it('keeps the bytes of the body, valid UTF-8 or not', () => {
    const body = Uint8Array.from([0xff, 0xfe, 0x00, 0x0d, 0x0a, 0xc3, 0x28]);

    const message = replyMessage('1', 'n', body);

    expect([...message]).toEqual([...Buffer.from('1\nn\n'), ...body, 0x0a]);
  });

  it('builds the message that the signature of the official reply covers', () => {
    const message = replyMessage(reply.timestamp, reply.nonce, Buffer.from(reply.body));

    expect(verify('sha256', message, reply.publicKey, Buffer.from(reply.signature, 'base64'))).toBe(true);
  });
});
