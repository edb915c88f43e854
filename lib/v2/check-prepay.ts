import type { CheckedPrepay } from '../domain/placing/prepay-request.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import type { V2Fields } from './xml.js';

const MAX_TOTAL = 2 ** 31 - 1;
/** Maximum length of fields, in characters, that APIv3 has no limit for, or a larger one. */
const MAX_LENGTHS: readonly (readonly [name: string, member: string, max: number])[] = [
  ['attach', 'attach', 127],
  ['detail', 'detail', 6_000],
  ['scene_info', 'sceneInfo', 256],
];

/**
 * Checks the rules for orders that only APIv2 has.
 *
 * @param fields fields of the request that places the order
 * @throws {WxPayInputError} naming the member of the order
 */
export function checkV2Prepay(order: CheckedPrepay, fields: Readonly<Partial<V2Fields>>): void {
  const { form, productId, limitPay = [], amount } = order;
  if (form === 'native' && productId === undefined) {
    throw new WxPayInputError('productId', 'is missing: APIv2 requires it for native orders.');
  }
  if (form === 'h5' && order.sceneInfo?.storeInfo !== undefined) {
    throw new WxPayInputError(
      'sceneInfo.storeInfo',
      'must be left out: H5 orders of APIv2 have h5Info in its place.',
    );
  }
  if (limitPay.some((each) => each !== 'no_credit') || limitPay.length > 1) {
    throw new WxPayInputError('limitPay', "may only be ['no_credit'] over APIv2.");
  }
  checkV2Limits(amount.total, fields);
}

/**
 * Checks the limits of every order that is placed over APIv2.
 *
 * @param total amount in fen
 * @param fields fields of the request that places the order
 * @throws {WxPayInputError} naming the member of the order
 */
export function checkV2Limits(total: number, fields: Readonly<Partial<V2Fields>>): void {
  if (total > MAX_TOTAL) {
    throw new WxPayInputError('amount.total', `must be at most ${MAX_TOTAL} over APIv2.`);
  }
  for (const [name, member, max] of MAX_LENGTHS) {
    const { length } = Array.from(fields[name] ?? '');
    if (length <= max) continue;
    const what = name === 'attach' ? '' : ' as JSON';
    throw new WxPayInputError(
      member,
      `must be at most ${max} characters over APIv2${what}; it has ${length}.`,
    );
  }
}
