import type { OrderPromotion, OrderPromotionGoods } from '../domain/order.js';
import { FieldReader, present, UnexpectedField } from './fields.js';
import type { V2Fields } from './xml.js';

/**
 * Reads the coupons of an order. APIv2 tells of them in two ways, numbered fields and JSON; where a reply has both, the
 * JSON counts, because it says more of the same coupons.
 */
export function decodePromotions(fields: V2Fields): readonly OrderPromotion[] | undefined {
  return fromJson(fields) ?? fromNumberedFields(fields);
}

/** `promotion_detail`: its own names and types become those of APIv3. */
function fromJson({ promotion_detail: json = '' }: V2Fields): readonly OrderPromotion[] | undefined {
  if (json === '') return undefined;
  return new FieldReader(envelopeOf(json)).list('promotion_detail')?.map(promotion);
}

function promotion(fields: FieldReader): OrderPromotion {
  return present<OrderPromotion>({
    couponId: fields.requiredText('promotion_id'),
    name: fields.text('name'),
    scope: fields.text('scope'),
    type: promotionType(fields.text('type')),
    amount: fields.requiredInteger('amount'),
    stockId: fields.text('activity_id'),
    wechatpayContribute: fields.integer('wxpay_contribute'),
    merchantContribute: fields.integer('merchant_contribute'),
    otherContribute: fields.integer('other_contribute'),
    goodsDetail: fields.list('goods_detail')?.map(goods),
  });
}

function goods(fields: FieldReader): OrderPromotionGoods {
  return present<OrderPromotionGoods>({
    goodsId: fields.requiredText('goods_id'),
    quantity: fields.requiredInteger('quantity'),
    unitPrice: fields.requiredInteger('price'),
    discountAmount: fields.requiredInteger('discount_amount'),
    goodsRemark: fields.text('goods_remark'),
  });
}

/** `coupon_id_0`, `coupon_fee_0`, `coupon_type_0` and so on. */
function fromNumberedFields(fields: V2Fields): readonly OrderPromotion[] | undefined {
  const reader = new FieldReader(fields);
  const coupons = Object.keys(fields)
    .flatMap((name) => /^coupon_id_(\d{1,4})$/.exec(name)?.[1] ?? [])
    .toSorted((a, b) => Number(a) - Number(b))
    .flatMap((n): OrderPromotion[] => {
      const couponId = reader.text(`coupon_id_${n}`);
      if (couponId === undefined) return [];
      const type = promotionType(reader.text(`coupon_type_${n}`));
      return [present<OrderPromotion>({ couponId, type, amount: reader.requiredInteger(`coupon_fee_${n}`) })];
    });
  return coupons.length === 0 ? undefined : coupons;
}

/** Whether the merchant paid for the coupon in advance (`CASH`), in the words of APIv3. */
function promotionType(type: string | undefined): string | undefined {
  switch (type) {
    case 'COUPON':
      return 'CASH';
    case 'NO_CASH':
    case 'DISCOUNT':
      return 'NOCASH';
    default:
      return type;
  }
}

/** The documented JSON is `{"promotion_detail":[…]}`; the bare list is understood too. */
function envelopeOf(json: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    // Refused below, as every other text that holds no object.
  }
  if (typeof parsed !== 'object' || parsed === null)
    throw new UnexpectedField('$.promotion_detail', `is a text of ${json.length} characters, not JSON.`);
  return Array.isArray(parsed) ? { promotion_detail: parsed } : (parsed as Readonly<Record<string, unknown>>);
}
