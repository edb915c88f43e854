import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  WxPayApiError,
  WxPayConfigError,
  WxPayMerchants,
  WxPayProtocolError,
  WxPayTransportError,
  type BillService,
} from 'nestjs-wxpay';
import { failureOf } from '../../support/assertions/failure-of.js';
import { temporaryFiles } from '../../support/fixtures/temporary-files.js';
import { beijingDay, DAY, NOON, payOrders } from '../../support/harness/day-of-trade.js';
import { useSandbox } from '../../support/harness/sandbox.js';

const sandbox = useSandbox();
const merchants = new WxPayMerchants();
let bills: BillService;
beforeAll(() => {
  payOrders(sandbox.gateway, [1_000, 1]);
  ({ bills } = merchants.register('v2', sandbox.gateway.optionsV2({ maxAttempts: 1 })));
});
afterAll(() => merchants.onModuleDestroy());

describe('BillService of an APIv2 merchant', () => {
  it('shows every payment, of which nothing proves the content', async () => {
    const bill = await bills.trade({ date: DAY });
    const numbers: string[] = [];
    for await (const { outTradeNo } of bill) numbers.push(outTradeNo);
    await bill[Symbol.asyncDispose]();

    expect(numbers).toEqual(['A1', 'A2']);
    expect(bill).toMatchObject({ proven: false, summary: { count: 2, total: 1_001 } });
    expect(sandbox.gateway.requests.at(-1)).toMatchObject({
      path: '/pay/downloadbill',
      operation: 'bill.trade',
    });
    expect(sandbox.gateway.requests.at(-1)?.body).toContain(
      `<bill_date>${DAY.replaceAll('-', '')}</bill_date>`,
    );
  });

  it('is empty for a day without transactions', async () => {
    const bill = await bills.trade({ date: beijingDay(NOON.getTime() - 86_400_000) });
    await bill[Symbol.asyncDispose]();

    expect(bill).toMatchObject({ proven: false, summary: { count: 0 } });
  });

  it.each([
    ['Bill Creating', 'STATEMENT_CREATING', 'not-ready'],
    ['签名错误', 'SIGN_ERROR', 'credentials'],
    ['当前商户号账单API权限已经关闭', 'NO_AUTH', 'permission'],
    ['data format error', 'FAIL', 'unknown'],
  ])('names the refusal %s, which is XML in place of a file', async (text, code, kind) => {
    const body = `<xml><return_code>FAIL</return_code><return_msg>${text}</return_msg></xml>`;
    sandbox.gateway.next({ reply: { status: 200, body } });

    const error = await failureOf(WxPayApiError, bills.trade({ date: DAY }));

    expect(error).toMatchObject({ code, kind, signed: false, operation: 'bill.trade' });
    expect(temporaryFiles()).toEqual([]);
  });

  it.each([
    ['the page of a proxy', '<html>Gateway</html>'],
    ['a message that is no refusal', '<xml><return_code>SUCCESS</return_code></xml>'],
  ])('refuses %s', async (_, body) => {
    sandbox.gateway.next({ reply: { status: 200, body } });

    await failureOf(WxPayTransportError, bills.trade({ date: DAY }));

    expect(temporaryFiles()).toEqual([]);
  });

  it('shows no row of a file that was cut', async () => {
    const text = sandbox.gateway.bills.text({ date: DAY });
    sandbox.gateway.next({ reply: { status: 200, body: text.slice(0, -60) } });

    await failureOf(WxPayProtocolError, bills.trade({ date: DAY }));

    expect(temporaryFiles()).toEqual([]);
  });

  it('says that fund flow bills need APIv3', async () => {
    const error = await failureOf(WxPayConfigError, bills.fundFlow({ date: DAY }));

    expect(error.message).toContain('over APIv3 only');
  });
});
