import type { V2Fields } from '../../v2/xml.js';

/** A coupon without an amount, of an article with a remark that looks like a field. */
const COUPON = { promotion_id: '1', goods_detail: [{ goods_id: 'g', goods_remark: 'a&b=c' }] };

const UNREADABLE = {
  coupon_count: '1',
  coupon_id_0: '10000',
  promotion_detail: JSON.stringify({ promotion_detail: [COUPON] }),
};

/** Tells an order truthfully, beside coupons that do not read. Other messages stay as they are. */
export function decorated(fields: V2Fields): V2Fields {
  const isOrder = fields.result_code === 'SUCCESS' && fields.out_trade_no !== undefined;
  return isOrder ? { ...fields, ...UNREADABLE } : fields;
}
