import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { eventually } from '../../support/assertions/eventually.js';
import {
  CLOSE_A1,
  handSign,
  isGenuine,
  MERCHANT_BODY,
  open,
  QUERY_A1,
  send,
} from '../../support/signing/hand-signed-request.js';
import { startGateway } from '../../support/servers/mock-gateway.js';

describe.each(['http', 'https'] as const)(
  'MockWxPayGateway.next with a fault of the connection over %s',
  (protocol) => {
    let gateway: MockWxPayGateway;
    let no: string;

    beforeAll(async () => {
      gateway = await startGateway({ https: protocol === 'https' });
    });
    afterAll(() => gateway.stop());
    beforeEach(() => {
      no = gateway.orders.create({
        outTradeNo: `C${gateway.orders.list().length}`,
        amount: { total: 100 },
      }).outTradeNo;
    });

    const close = (signal?: AbortSignal) => {
      const path = CLOSE_A1.replace('A1', no);
      return send(gateway, handSign(gateway, { method: 'POST', path, body: MERCHANT_BODY }), signal);
    };

    it.each(['reset', 'close'] as const)(
      'cuts it without a reply, once the order is closed: %s',
      async (fault) => {
        gateway.next({ fault });

        await expect(close()).rejects.toMatchObject({ code: 'ECONNRESET' });

        expect(gateway.orders.get(no)?.tradeState).toBe('CLOSED');
        expect(gateway.requests.at(-1)).not.toHaveProperty('status');
      },
    );

    it.each(['reset', 'close'] as const)('loses the request before it takes effect: %s', async (fault) => {
      gateway.next({ fault, handled: false });

      await expect(close()).rejects.toMatchObject({ code: 'ECONNRESET' });

      expect(gateway.orders.get(no)?.tradeState).toBe('NOTPAY');
    });

    it('cuts it in the middle of the reply', async () => {
      gateway.next({ fault: 'reset-mid-body' });

      const reply = send(gateway, handSign(gateway, { path: QUERY_A1.replace('A1', no) }));

      await expect(reply).rejects.toThrow(/aborted|ECONNRESET|terminated/);
    });

    it.each([
      ['body', () => send(gateway, handSign(gateway, { path: QUERY_A1.replace('A1', no) })), 200],
      ['head, where there is no body', () => close(), 204],
    ])('sends it byte by byte: the %s', async (_, ask, status) => {
      gateway.next({ fault: 'drip', everyMs: 1 });
      const start = performance.now();

      const reply = await ask();

      expect(reply.status).toBe(status);
      expect(isGenuine(gateway, reply)).toBe(true);
      expect(performance.now() - start).toBeGreaterThan(150);
    });

    it('sends the head at once and then a byte every second', async () => {
      const caller = new AbortController();
      gateway.next({ fault: 'drip' });

      const start = performance.now();
      const response = await open(
        gateway,
        handSign(gateway, { path: QUERY_A1.replace('A1', no) }),
        caller.signal,
      );
      const [headAt, first] = [performance.now() - start, await once(response, 'data')];
      const firstAt = performance.now() - start;
      caller.abort();

      expect(headAt).toBeLessThan(900);
      expect(String(first)).toBe('{');
      expect(firstAt).toBeGreaterThan(990);
    });

    it('never answers', async () => {
      const caller = new AbortController();
      gateway.next({ fault: 'hang' });

      const reply = close(caller.signal);
      await eventually(() => expect(gateway.orders.get(no)?.tradeState).toBe('CLOSED'));
      caller.abort();

      await expect(reply).rejects.toMatchObject({ name: 'AbortError' });
    });
  },
);
