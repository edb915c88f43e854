import { describe, expect, it } from '@jest/globals';
import { decodeOrder as decodeV2Order } from '../../lib/v2/decode-order.js';
import { decodeOrder as decodeV3Order } from '../../lib/v3/decode-order.js';
import { readPage } from './markdown.js';

/** The reply as its page lists it: https://pay.weixin.qq.com/doc/v3/merchant/4013070356 */
const OFFICIAL_FIELDS = `
  appid mchid out_trade_no transaction_id trade_type trade_state trade_state_desc bank_type attach success_time
  payer.openid amount.total amount.payer_total amount.currency amount.payer_currency
  scene_info.device_id scene_info.store_info.id scene_info.store_info.out_id
  promotion_detail[].coupon_id promotion_detail[].name promotion_detail[].scope promotion_detail[].type
  promotion_detail[].amount promotion_detail[].stock_id promotion_detail[].wechatpay_contribute
  promotion_detail[].merchant_contribute promotion_detail[].other_contribute promotion_detail[].currency
  promotion_detail[].goods_detail[].goods_id promotion_detail[].goods_detail[].quantity
  promotion_detail[].goods_detail[].unit_price promotion_detail[].goods_detail[].discount_amount
  promotion_detail[].goods_detail[].goods_remark`
  .trim()
  .split(/\s+/);

const PAID_AT = new Date('2018-06-08T10:34:56+08:00');
const INTEGERS = /(total|fee|amount|contribute|quantity|price)$/;

/** A row of the table of fields. */
interface Row {
  readonly v3: string;
  readonly order: string;
  /** Absent where APIv2 does not have it. */
  readonly v2?: string;
}

const rows = [
  ...readPage('docs/orders.md').matchAll(/^\| `([\w.[\]]+)` \| `([\w.[\]]+)`[^|]*\| ([^|]+) \|/gm),
].map(([, v3 = '', order = '', v2 = '']): Row => ({ v3, order, v2: /^`(\w+)`/.exec(v2)?.[1] }));

describe('the fields of an order in docs/orders.md', () => {
  it('are those of the official page, all of them', () => {
    expect(rows.map(({ v3 }) => v3)).toEqual(OFFICIAL_FIELDS);
  });

  it('are where the table says, over APIv3', () => {
    const reply = {};
    for (const { v3 } of rows) put(reply, v3, v3 === 'success_time' ? PAID_AT.toISOString() : valueOf(v3));

    const order = decodeV3Order(reply, '$');

    for (const { v3, order: path } of rows) {
      expect([path, at(order, path)]).toEqual([path, v3 === 'success_time' ? PAID_AT : valueOf(v3)]);
    }
  });

  it('are where the table says, over APIv2', () => {
    const known = rows.flatMap(({ order, v2 }) => (v2 === undefined ? [] : [{ order, v2 }]));
    const json = {};
    const fields: Record<string, string> = { time_end: '20180608103456' };
    for (const { order, v2 } of known) {
      if (order.startsWith('promotionDetail[].')) put(json, inJson(order, v2), valueOf(v2));
      else fields[v2] ??= String(valueOf(v2));
    }

    const order = decodeV2Order({ ...fields, promotion_detail: JSON.stringify(json) });

    for (const { order: path, v2 } of known) {
      expect([path, at(order, path)]).toEqual([path, v2 === 'time_end' ? PAID_AT : valueOf(v2)]);
    }
  });
});

/** A value of the type of a field, recognisable among those of other fields. */
function valueOf(field: string): string | number {
  return INTEGERS.test(field) ? Buffer.from(field).reduce((sum, byte, n) => sum + byte * n, 0) : field;
}

/** Where APIv2 has a field of a coupon: it nests them as APIv3 does. */
function inJson(order: string, name: string): string {
  return order.includes('goodsDetail[].')
    ? `promotion_detail[].goods_detail[].${name}`
    : `promotion_detail[].${name}`;
}

/** Puts a value where a path such as `a.b[].c` leads; every list has one member. */
function put(target: object, path: string, value: unknown): void {
  const [name = '', ...rest] = path.split('.');
  const container = target as Record<string, unknown>;
  if (rest.length === 0) {
    container[name] = value;
  } else if (name.endsWith('[]')) {
    const list = (container[name.slice(0, -2)] ??= [{}]) as object[];
    put(list[0] ?? {}, rest.join('.'), value);
  } else {
    put((container[name] ??= {}), rest.join('.'), value);
  }
}

/** What is where a path leads. */
function at(target: object, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const member = (value as Record<string, unknown> | undefined)?.[name.replace('[]', '')];
    return Array.isArray(member) ? (member as readonly unknown[])[0] : member;
  }, target);
}
