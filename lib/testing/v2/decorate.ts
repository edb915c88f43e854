import type { V2Fields } from '../../v2/xml.js';

/** Coupon without an amount, for an article with a remark that looks like a field. */
const COUPON = { promotion_id: '1', goods_detail: [{ goods_id: 'g', goods_remark: 'a&b=c' }] };

const UNREADABLE_FIELDS = {
  coupon_count: '1',
  coupon_id_0: '10000',
  promotion_detail: JSON.stringify({ promotion_detail: [COUPON] }),
};

/** Adds undecodable coupons to a correct order. Other messages are not changed. */
export function decorate(fields: V2Fields): V2Fields {
  const isOrder = fields.result_code === 'SUCCESS' && fields.out_trade_no !== undefined;
  return isOrder ? { ...fields, ...UNREADABLE_FIELDS } : fields;
}
