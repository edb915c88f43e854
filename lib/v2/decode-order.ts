import type { Order, OrderAmount, OrderPayer } from '../domain/order.js';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import { decodePromotions } from './decode-promotions.js';
import { endsAsSigned } from './field-boundaries.js';
import { FieldReader, withoutUndefined, UnexpectedField } from './fields.js';
import type { V2Fields } from './xml.js';

export interface DecodeOrderOptions {
  /** State of an order whose message has no state, because it is only sent in one. */
  readonly tradeState?: string;
  /** Collects the paths of unreadable lenient fields. */
  readonly leftOut?: LeftOutFields;
}

/**
 * Reads an order from a verified reply into the type that APIv3 returns. Unlisted fields and states are accepted; `raw`
 * keeps them, and unreadable lenient fields.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_2
 */
export function decodeOrder(fields: V2Fields, { tradeState, leftOut }: DecodeOrderOptions = {}): Order {
  const reader = new FieldReader(fields, { leftOut });
  const deviceId = reader.text('device_info');
  const state = tradeState ?? reader.requiredText('trade_state');
  const order = withoutUndefined<Omit<Order, 'raw'>>({
    mchid: reader.requiredText('mch_id'),
    subMchid: reader.text('sub_mch_id'),
    appid: reader.text('appid'),
    subAppid: reader.text('sub_appid'),
    outTradeNo: reader.requiredText('out_trade_no'),
    transactionId: reader.text('transaction_id'),
    tradeState: state,
    // The official sample has none, although its page promises it.
    tradeStateDesc: reader.text('trade_state_desc') ?? '',
    tradeType: reader.text('trade_type'),
    bankType: reader.text('bank_type'),
    attach: reader.lenient(() => attach(fields, reader)),
    successTime: reader.lenient(() => reader.time('time_end')),
    amount: isPaid(state) ? amount(reader) : reader.lenient(amount),
    payer: payer(reader),
    sceneInfo: deviceId === undefined ? undefined : { deviceId },
    promotionDetail: decodePromotions(fields, leftOut),
  });
  // Not enumerable, so that logs do not show it.
  return Object.defineProperty(order, 'raw', { value: fields }) as Order;
}

function isPaid(state: string): boolean {
  return state === 'SUCCESS' || state === 'REFUND';
}

function attach(fields: V2Fields, reader: FieldReader): string | undefined {
  const text = reader.text('attach');
  if (text === undefined || endsAsSigned(fields, 'attach')) return text;
  throw new UnexpectedField('$.attach', 'may have been cut: the field behind it is not documented.');
}

/**
 * Reads the total, which must be readable, and the customer's amount, which is lenient. The documentation defines a
 * missing currency as CNY.
 */
function amount(reader: FieldReader): OrderAmount | undefined {
  const total = reader.integer('total_fee');
  if (total === undefined) return undefined;
  const payerTotal = reader.lenient(() => reader.integer('cash_fee'));
  return withoutUndefined<OrderAmount>({
    total,
    payerTotal,
    currency: reader.text('fee_type') ?? 'CNY',
    payerCurrency: payerTotal === undefined ? undefined : (reader.text('cash_fee_type') ?? 'CNY'),
  });
}

function payer(reader: FieldReader): OrderPayer | undefined {
  const found = withoutUndefined<OrderPayer>({
    openid: reader.text('openid'),
    subOpenid: reader.text('sub_openid'),
  });
  return Object.keys(found).length === 0 ? undefined : found;
}
