import { HttpService } from '@nestjs/axios';
import { describe, expect, it } from '@jest/globals';
import { Agent } from 'node:http';
import { leanAdapter } from '../../../lib/transport/lean-adapter.js';

/** A request whose host cannot be found, for the reason that is named. */
function askWhere(code: string): Promise<unknown> {
  const httpAgent = new Agent({
    lookup: (name, _, answer) =>
      answer(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }), ''),
  });
  const { axiosRef } = new HttpService(
    new HttpService().axiosRef.create({ adapter: leanAdapter, httpAgent }),
  );
  return axiosRef.get('http://wxpay.invalid/');
}

describe('leanAdapter', () => {
  it.each([
    ['ENOTFOUND', true],
    ['EAI_AGAIN', true],
    ['ECONNREFUSED', true],
    ['ECONNRESET', false],
  ])('says of a failure with %s whether nothing can have been sent: %s', async (code, isUnsent) => {
    await expect(askWhere(code)).rejects.toMatchObject({ code, isUnsent });
  });
});
