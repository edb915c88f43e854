import { DEMO_LEGACY_ORDER, DEMO_SUB_MCHID, DEMO_TRANSACTION_ID } from './demo-gateway.js';

/** What to try in demo mode, line by line. */
export function demoHints(url: string): readonly string[] {
  return [
    'Demo mode: no WXPAY_… variable is set, so a gateway inside this process plays WeChat Pay. Try:',
    `  curl ${url}/orders`,
    `  curl ${url}/orders/DEMO-PAID`,
    `  curl ${url}/orders/by-transaction/${DEMO_TRANSACTION_ID}`,
    `  curl -i -X POST ${url}/orders/DEMO-UNPAID/close`,
    `  curl -i -X POST ${url}/orders/DEMO-PAID/close`,
    `  curl ${url}/legacy/orders/DEMO-PAID`,
    `  curl ${url}/sub-merchants/${DEMO_SUB_MCHID}/orders/DEMO-PARTNER`,
    `  curl -X POST ${url}/demo/orders/DEMO-UNPAID-BARE/pay`,
    `  curl ${url}/sales/DEMO-UNPAID-BARE`,
    `  curl -X POST ${url}/demo/orders/${DEMO_LEGACY_ORDER}/pay`,
    `  curl ${url}/health`,
  ];
}
