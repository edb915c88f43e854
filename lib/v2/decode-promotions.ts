import type { OrderPromotion, OrderPromotionGoods } from '../domain/order.js';
import type { LeftOutFields } from '../telemetry/left-out-fields.js';
import { FieldReader, isObject, withoutUndefined, UnexpectedField } from './fields.js';
import type { V2Fields } from './xml.js';

/**
 * Reads the coupons of an order, without those that lack an identifier or an amount. APIv2 sends them as numbered fields, as
 * JSON, or as both; then the JSON is read, because it has more details of the same coupons.
 */
export function decodePromotions(
  fields: V2Fields,
  leftOut?: LeftOutFields,
): readonly OrderPromotion[] | undefined {
  const reader = new FieldReader(fields, { leftOut });
  const coupons = reader.lenient(() => fromJson(fields, leftOut)) ?? [];
  return coupons.length > 0 ? coupons : fromNumberedFields(fields, reader);
}

/** Reads `promotion_detail`, and converts its names and types to those of APIv3. */
function fromJson(
  { promotion_detail: json = '' }: V2Fields,
  leftOut: LeftOutFields | undefined,
): readonly OrderPromotion[] | undefined {
  if (json === '') return undefined;
  return new FieldReader(envelopeOf(json), { leftOut }).list('promotion_detail', promotion);
}

function promotion(fields: FieldReader): OrderPromotion {
  const text = (name: string) => fields.lenient(() => fields.text(name));
  const integer = (name: string) => fields.lenient(() => fields.integer(name));
  return withoutUndefined<OrderPromotion>({
    couponId: fields.requiredText('promotion_id'),
    name: text('name'),
    scope: text('scope'),
    type: promotionType(text('type')),
    amount: fields.requiredInteger('amount'),
    stockId: text('activity_id'),
    wechatpayContribute: integer('wxpay_contribute'),
    merchantContribute: integer('merchant_contribute'),
    otherContribute: integer('other_contribute'),
    goodsDetail: fields.lenient(() => fields.list('goods_detail', goods)),
  });
}

function goods(fields: FieldReader): OrderPromotionGoods {
  return withoutUndefined<OrderPromotionGoods>({
    goodsId: fields.requiredText('goods_id'),
    quantity: fields.requiredInteger('quantity'),
    unitPrice: fields.requiredInteger('price'),
    discountAmount: fields.requiredInteger('discount_amount'),
    goodsRemark: fields.lenient(() => fields.text('goods_remark')),
  });
}

/** Reads `coupon_id_0`, `coupon_fee_0`, `coupon_type_0` and so on. */
function fromNumberedFields(fields: V2Fields, reader: FieldReader): readonly OrderPromotion[] | undefined {
  const coupons = Object.keys(fields)
    .flatMap((name) => /^coupon_id_(\d{1,4})$/.exec(name)?.[1] ?? [])
    .toSorted((a, b) => Number(a) - Number(b))
    .flatMap((n) => reader.lenient(() => coupon(reader, n)) ?? []);
  return coupons.length === 0 ? undefined : coupons;
}

function coupon(fields: FieldReader, n: string): readonly OrderPromotion[] {
  const couponId = fields.text(`coupon_id_${n}`);
  if (couponId === undefined) return [];
  const type = promotionType(fields.text(`coupon_type_${n}`));
  return [
    withoutUndefined<OrderPromotion>({ couponId, type, amount: fields.requiredInteger(`coupon_fee_${n}`) }),
  ];
}

/** Converts the type of a coupon to the terms of APIv3: `CASH` if the merchant paid for it in advance. */
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

/** Reads the documented JSON, `{"promotion_detail":[…]}`; a list without the object is also accepted. */
function envelopeOf(json: string): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    // Refused below, like any other string that is not an object.
  }
  if (Array.isArray(parsed)) return { promotion_detail: parsed };
  if (isObject(parsed)) return parsed;
  throw new UnexpectedField('$.promotion_detail', `is a string of ${json.length} characters, not JSON.`);
}
