import type { V2Fields } from '../../v2/xml.js';
import { CODE_PAY_REFUSALS } from '../orders/code-pay-refusals.js';
import type { Stores } from '../orders/stores.js';
import type { MaybeFields } from './message.js';
import { orderFields } from './order-fields.js';
import { checkForms, expiryOf, type V2PlacingRoute } from './prepay-route.js';
import { businessRefusal } from './refusal.js';

const MIN_EXPIRY_MS = 60_000;

/**
 * Endpoint that charges the customer whose payment code was scanned.
 *
 * @see https://pay.weixin.qq.com/doc/v2/merchant/4011937125
 */
export const MICROPAY_ROUTE: V2PlacingRoute = {
  operation: 'order.codePay',
  path: '/pay/micropay',
  numbers: ['out_trade_no'],
  required: ['body', 'total_fee', 'spbill_create_ip', 'auth_code'],
  optional: [
    'attach',
    'detail',
    'device_info',
    'fee_type',
    'goods_tag',
    'limit_pay',
    'profit_sharing',
    'receipt',
    'scene_info',
    'time_expire',
    'time_start',
    'version',
  ],
  place: charge,
};

function charge(fields: V2Fields, { customer }: Stores, now: number): MaybeFields {
  checkForms(fields);
  const timeExpire = expiryOf(fields, now + MIN_EXPIRY_MS);
  const { auth_code: authCode = '', out_trade_no: outTradeNo = '', body: description } = fields;
  const result = customer.charge(authCode, {
    outTradeNo,
    amount: { total: Number(fields.total_fee), currency: fields.fee_type },
    appid: fields.appid,
    subMchid: fields.sub_mch_id,
    subAppid: fields.sub_appid,
    description,
    attach: fields.attach,
    sceneInfo: fields.device_info === undefined ? undefined : { deviceId: fields.device_info },
    timeExpire,
    placedWith: fields,
  });
  if (typeof result === 'string') {
    const { v2: code, text } = CODE_PAY_REFUSALS[result];
    throw businessRefusal(code, text);
  }
  if (result.tradeState === 'USERPAYING') throw businessRefusal('USERPAYING', '需要用户输入支付密码');
  // A success has no state: the order is paid.
  const { trade_state: _, trade_state_desc: __, ...paid } = orderFields(result);
  return paid;
}
