import { MockWxPayGateway } from 'nestjs-wxpay/testing';

const PAID_AT = new Date('2026-01-01T12:00:00+08:00');

/** WeChat's number of the paid demo order: always the same, so that it can be printed. */
export const DEMO_TRANSACTION_ID = '4200000000202601010000000001';

/** The sub-merchant of the demo: the gateway's merchant acts as a service provider, too. */
export const DEMO_SUB_MCHID = '1900000109';

/** An order that was placed over APIv2, where no order can be closed in its first five minutes. */
export const DEMO_LEGACY_ORDER = 'DEMO-LEGACY-UNPAID';

/** Orders of the day before yesterday. The shop knows the first of them only. */
export const DEMO_BILLED = ['DEMO-BILLED', 'DEMO-UNKNOWN'] as const;

/** Starts a WeChat Pay of our own, with an order in each state that a shop meets. */
export async function startDemoGateway(): Promise<MockWxPayGateway> {
  const gateway = await MockWxPayGateway.start();
  const { orders } = gateway;

  orders.create({ outTradeNo: 'DEMO-UNPAID', amount: { total: 1999 } });
  // As WeChat Pay may answer for an unpaid order: without an amount.
  orders.create({ outTradeNo: 'DEMO-UNPAID-BARE', amount: { total: 100 }, bare: true });

  orders.create({ outTradeNo: DEMO_LEGACY_ORDER, amount: { total: 2800 }, createdAt: minutesAgo(5) });

  // Its time to pay is over, and it is still open.
  const expired = { createdAt: minutesAgo(31), timeExpire: minutesAgo(1) };
  orders.create({ outTradeNo: 'DEMO-EXPIRED', amount: { total: 600 }, ...expired });

  orders.create({ outTradeNo: 'DEMO-PAID', amount: { total: 1999 } });
  orders.pay('DEMO-PAID', { transactionId: DEMO_TRANSACTION_ID, payerTotal: 1499, at: PAID_AT });

  // Their bill is ready at any time of day.
  for (const outTradeNo of DEMO_BILLED) {
    orders.create({ outTradeNo, amount: { total: 1999 } });
    orders.pay(outTradeNo, { at: minutesAgo(2 * 24 * 60) });
  }

  orders.create({ outTradeNo: 'DEMO-REFUNDED', amount: { total: 8800 }, tradeType: 'NATIVE' });
  orders.pay('DEMO-REFUNDED', { at: PAID_AT });
  orders.refund('DEMO-REFUNDED');

  orders.create({ outTradeNo: 'DEMO-CLOSED', amount: { total: 300 }, tradeType: 'APP' });
  orders.close('DEMO-CLOSED');

  // A payment code (付款码) was scanned and the customer is entering a password.
  orders.create({ outTradeNo: 'DEMO-PAYING', amount: { total: 4500 }, tradeType: 'MICROPAY' });
  orders.setState('DEMO-PAYING', 'USERPAYING');

  orders.create({ outTradeNo: 'DEMO-PARTNER', subMchid: DEMO_SUB_MCHID, amount: { total: 2500 } });

  return gateway;
}

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}
