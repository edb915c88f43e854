import type { Answer } from '../http/exchange.js';

/** One more than JavaScript can count to: parsed as a number, it becomes another one. */
const LONG_NUMBER = '9007199254740993';

/** What a group of fields becomes that decides nothing, and that nobody can read. */
const UNREADABLE = {
  scene_info: [],
  trade_state_desc: null,
  promotion_detail: [{ coupon_id: LONG_NUMBER, goods_detail: [{ quantity: 0.5 }] }],
};

/** Tells an order truthfully, beside coupons and a scene that do not read. Other answers stay as they are. */
export function decorated(answer: Answer): Answer {
  if (answer.status !== 200 || answer.body.length === 0) return answer;
  const order = JSON.parse(answer.body.toString('utf8')) as object;
  // Of an order that has no sub-merchant; one that has names a provider.
  const subMerchant = 'sp_mchid' in order ? {} : { sub_mchid: [] };
  const text = JSON.stringify({ ...order, ...UNREADABLE, ...subMerchant }, withOtherZone);
  return { ...answer, body: Buffer.from(text.replaceAll(`"${LONG_NUMBER}"`, LONG_NUMBER)) };
}

/** WeChat Pay has also written `+0800`, which is no date of RFC 3339. */
function withOtherZone(name: string, value: unknown): unknown {
  return name === 'success_time' && typeof value === 'string' ? value.replace('+08:00', '+0800') : value;
}
