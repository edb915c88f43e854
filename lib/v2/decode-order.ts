import type { Order, OrderAmount, OrderPayer } from '../domain/order.js';
import { decodePromotions } from './decode-promotions.js';
import { endsAsSigned } from './field-boundaries.js';
import { FieldReader, present } from './fields.js';
import type { V2Fields } from './xml.js';

/**
 * Reads an order from a verified reply into the same shape that APIv3 gives. Fields and states that are not listed here
 * are accepted and stay in `raw`.
 *
 * @param tradeState for a message that does not tell, because it is only ever sent in one state
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_2
 */
export function decodeOrder(fields: V2Fields, tradeState?: string): Order {
  const reader = new FieldReader(fields);
  const deviceId = reader.text('device_info');
  const order = present<Omit<Order, 'raw'>>({
    mchid: reader.requiredText('mch_id'),
    subMchid: reader.text('sub_mch_id'),
    appid: reader.text('appid'),
    subAppid: reader.text('sub_appid'),
    outTradeNo: reader.requiredText('out_trade_no'),
    transactionId: reader.text('transaction_id'),
    tradeState: tradeState ?? reader.requiredText('trade_state'),
    // The official sample has none, though the page promises it.
    tradeStateDesc: reader.text('trade_state_desc') ?? '',
    tradeType: reader.text('trade_type'),
    bankType: reader.text('bank_type'),
    attach: endsAsSigned(fields, 'attach') ? reader.text('attach') : undefined,
    successTime: reader.time('time_end'),
    amount: amount(reader),
    payer: payer(reader),
    sceneInfo: deviceId === undefined ? undefined : { deviceId },
    promotionDetail: decodePromotions(fields),
  });
  // Out of the sight of logs.
  return Object.defineProperty(order, 'raw', { value: fields }) as Order;
}

/** The page says that a currency left out is CNY. */
function amount(reader: FieldReader): OrderAmount | undefined {
  const total = reader.integer('total_fee');
  if (total === undefined) return undefined;
  const payerTotal = reader.integer('cash_fee');
  return present<OrderAmount>({
    total,
    payerTotal,
    currency: reader.text('fee_type') ?? 'CNY',
    payerCurrency: reader.text('cash_fee_type') ?? (payerTotal === undefined ? undefined : 'CNY'),
  });
}

function payer(reader: FieldReader): OrderPayer | undefined {
  const found = present<OrderPayer>({ openid: reader.text('openid'), subOpenid: reader.text('sub_openid') });
  return Object.keys(found).length === 0 ? undefined : found;
}
