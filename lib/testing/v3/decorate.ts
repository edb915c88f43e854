import type { DraftReply } from '../http/exchange.js';

/** Larger than the largest safe integer, so that parsing it as a number changes it. */
const LONG_NUMBER = '9007199254740993';

/** Undecodable values for optional groups of fields. */
const UNREADABLE_FIELDS = {
  scene_info: [],
  trade_state_desc: null,
  promotion_detail: [{ coupon_id: LONG_NUMBER, goods_detail: [{ quantity: 0.5 }] }],
};

/** Adds undecodable coupons and an undecodable scene to a correct order. Other replies are not changed. */
export function decorate(draft: DraftReply): DraftReply {
  if (draft.status !== 200 || draft.body.length === 0) return draft;
  const order = JSON.parse(draft.body.toString('utf8')) as object;
  // Only for an order without a sub-merchant; `sp_mchid` identifies one with a service provider.
  const subMerchant = 'sp_mchid' in order ? {} : { sub_mchid: [] };
  const text = JSON.stringify({ ...order, ...UNREADABLE_FIELDS, ...subMerchant }, withOtherZone);
  return { ...draft, body: Buffer.from(text.replaceAll(`"${LONG_NUMBER}"`, LONG_NUMBER)) };
}

/** Writes the time zone as `+0800`, which WeChat Pay has also used and which is not valid in RFC 3339. */
function withOtherZone(name: string, value: unknown): unknown {
  return name === 'success_time' && typeof value === 'string' ? value.replace('+08:00', '+0800') : value;
}
