import { WxPayInputError } from '../../errors/wxpay-input-error.js';
import type { SignPayOptions } from '../options.js';
import { InputReader } from './input-reader.js';
import { readAppid } from './order-content.js';
import type { PayKind, PaySource } from './pay-parameters.js';
import { missing, readPartnerId, type PlacingTerms } from './prepay-request.js';

const KINDS: readonly unknown[] = ['jsapi', 'miniProgram', 'app'] satisfies PayKind[];
const PREPAY_ID = { max: 64, pattern: /^[\w-]+$/, expected: 'the prepayId that placing the order returned' };

/** @throws {WxPayInputError} naming the invalid argument */
export function checkPaySource(
  kind: PayKind,
  prepayId: string,
  options: SignPayOptions,
  terms: PlacingTerms,
): PaySource {
  if (!KINDS.includes(kind)) {
    throw new WxPayInputError('kind', `must be one of ${KINDS.join(', ')}; other orders need no signature.`);
  }
  const { appid, partnerId } = options;
  const reader = new InputReader({ appid, partnerId, prepayId }, 'options');
  return {
    prepayId: reader.requiredText('prepayId', PREPAY_ID),
    appid: readAppid(reader) ?? terms.appid ?? missing('appid', 'WXPAY_APPID', terms),
    partnerId: readPartnerId(reader),
  };
}
