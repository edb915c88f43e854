import { beijingDay } from '../bills/bills-timer.js';
import { DEMO_LEGACY_ORDER, DEMO_SUB_MCHID, DEMO_TRANSACTION_ID } from './demo-gateway.js';

const JSON_BODY = "-H 'Content-Type: application/json' -d";

/** What to try in demo mode, line by line. */
export function demoHints(url: string): readonly string[] {
  return [
    'Demo mode: no WXPAY_… variable is set, so a gateway inside this process plays WeChat Pay.',
    'Place an order, or go on with DEMO-SALE, which is placed: pay it, and refund it:',
    `  curl -X POST ${JSON_BODY} '{"article":"tea"}' ${url}/sales`,
    `  curl -X POST ${url}/sales/DEMO-SALE/pay-parameters`,
    `  curl -X POST ${url}/demo/orders/DEMO-SALE/pay`,
    `  curl ${url}/sales/DEMO-SALE`,
    `  curl -X PUT ${JSON_BODY} '{"amount":500}' ${url}/sales/DEMO-SALE/refunds/1`,
    `  curl -i -X POST ${url}/demo/refunds/DEMO-SALE-1/settle`,
    'At the counter the customer shows a payment code, and a cart is paid at once:',
    `  curl -X POST ${JSON_BODY} '{"authCode":"130000000000000001"}' ${url}/sales/DEMO-COUNTER/charge`,
    `  curl -X POST ${JSON_BODY} '{"articles":["tea","cup"]}' ${url}/carts`,
    'A notification that is lost, and an order that nobody paid; the shop finds both out within half a minute:',
    `  curl -X POST '${url}/demo/orders/DEMO-UNPAID-BARE/pay?notification=lost'`,
    `  curl ${url}/sales/DEMO-UNPAID-BARE`,
    `  curl ${url}/sales/DEMO-EXPIRED`,
    'The bill of the day before yesterday, compared with the sales of the shop:',
    `  curl ${url}/bills/${beijingDay(twoDaysAgo())}/discrepancies`,
    'Orders as WeChat Pay knows them:',
    `  curl ${url}/orders`,
    `  curl ${url}/orders/DEMO-PAID`,
    `  curl ${url}/orders/by-transaction/${DEMO_TRANSACTION_ID}`,
    `  curl -i -X POST ${url}/orders/DEMO-UNPAID/close`,
    `  curl -i -X POST ${url}/orders/DEMO-PAID/close`,
    'Other merchants: one of APIv2, and a sub-merchant:',
    `  curl ${url}/legacy/orders/DEMO-PAID`,
    `  curl -X POST ${url}/demo/orders/${DEMO_LEGACY_ORDER}/pay`,
    `  curl ${url}/sub-merchants/${DEMO_SUB_MCHID}/orders/DEMO-PARTNER`,
    'Whether the merchants can take payments, as a readiness probe asks:',
    `  curl ${url}/health`,
  ];
}

function twoDaysAgo(): Date {
  return new Date(Date.now() - 2 * 24 * 3_600_000);
}
