import { jsonReply, type DraftReply } from '../http/exchange.js';
import { CODE_PAY_REFUSALS, type CodePayRefusal } from '../orders/code-pay-refusals.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { PlacedOrder } from '../orders/orders.js';
import { orderJson } from './order-json.js';
import { fields, optional, string } from './parameters.js';
import { missingParameter } from './parameter-problems.js';
import { clientIp, DIRECT_OWNER, NEW_ORDER, PARTNER_OWNER } from './prepay-parameters.js';
import { Problem } from './problem.js';
import { route, type Call, type Route } from './route.js';

interface StoreInfo {
  readonly id?: string;
  readonly out_id?: string;
}

const storeNumber = optional(string({ max: 32 }));
const readStore = fields<StoreInfo>({ id: storeNumber, out_id: storeNumber });

const PAYMENT = {
  ...NEW_ORDER,
  payer: fields({ auth_code: string({ min: 18, max: 18, pattern: /^1[0-5]\d{16}$/ }) }),
  scene_info: fields({
    device_id: optional(string({ max: 32 })),
    device_ip: optional(clientIp),
    store_info: (value: unknown, place: Parameters<typeof readStore>[1]): StoreInfo => {
      const store = readStore(value, place);
      if (store.id ?? store.out_id) return store;
      throw missingParameter({ ...place, pointer: `${place.pointer}/out_id` });
    },
  }),
};

type Payment = { readonly [Name in keyof typeof PAYMENT]: ReturnType<(typeof PAYMENT)[Name]> };

/**
 * Endpoints that charge the customer whose payment code was scanned.
 *
 * @see https://pay.weixin.qq.com/docs/merchant/apis/code-payment-v3/direct/code-pay.html
 */
export const CODE_PAY_ROUTES: readonly Route[] = [
  route({
    operation: 'order.codePay',
    method: 'POST',
    path: '/v3/pay/transactions/codepay',
    inPath: {},
    fields: { ...DIRECT_OWNER, ...PAYMENT },
    merchant: 'mchid',
    reply: (call) => charge(call, { appid: call.parameters.appid }),
  }),
  route({
    operation: 'order.codePay',
    method: 'POST',
    path: '/v3/pay/partner/transactions/codepay',
    inPath: {},
    fields: { ...PARTNER_OWNER, ...PAYMENT },
    merchant: 'sp_mchid',
    reply: (call) =>
      charge(call, {
        appid: call.parameters.sp_appid,
        subMchid: call.parameters.sub_mchid,
        subAppid: call.parameters.sub_appid,
      }),
  }),
];

function charge(
  { orders, customer, parameters }: Call<Payment>,
  owner: Pick<PlacedOrder, 'subMchid' | 'subAppid'> & { readonly appid: string },
): DraftReply {
  if (owner.appid !== orders.appid) {
    throw new Problem({ status: 400, code: 'APPID_MCHID_NOT_MATCH', message: 'AppID和mch_id不匹配' });
  }
  const { device_id: deviceId, store_info: store } = parameters.scene_info;
  const result = customer.charge(parameters.payer.auth_code, {
    ...owner,
    outTradeNo: parameters.out_trade_no,
    amount: parameters.amount,
    description: parameters.description,
    attach: parameters.attach,
    sceneInfo: { deviceId, storeInfo: { id: store.id, outId: store.out_id } },
    placedWith: parameters,
  });
  if (typeof result === 'string') throw refusal(result);
  return result.tradeState === 'USERPAYING'
    ? jsonReply(202, userPaying(result))
    : jsonReply(200, orderJson(result));
}

/** Returns the reply while the customer enters the password, which has few members. */
function userPaying({ mchid: owner, subMchid, outTradeNo, tradeState }: MockOrder): object {
  const numbers = subMchid === undefined ? { mchid: owner } : { sp_mchid: owner, sub_mchid: subMchid };
  return { ...numbers, out_trade_no: outTradeNo, trade_state: tradeState };
}

function refusal(reason: CodePayRefusal): Problem {
  const { v3: code, text: message } = CODE_PAY_REFUSALS[reason];
  return new Problem({ status: 403, code, message });
}
