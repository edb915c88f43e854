import { orderSubject } from '../../domain/order-ref.js';
import {
  REPEAT_THE_SAME_ORDER,
  type CheckedPrepay,
  type PrepayForm,
} from '../../domain/placing/prepay-request.js';
import type { V3Operation } from '../operation.js';
import { prepayBody } from './prepay-body.js';
import { readPrepayReply } from './prepay-reply.js';

/** Last segment of the path of each form. Mini programs pay as pages within WeChat do. */
export const PREPAY_SEGMENTS: Readonly<Record<PrepayForm, string>> = {
  jsapi: 'jsapi',
  miniProgram: 'jsapi',
  app: 'app',
  h5: 'h5',
  native: 'native',
};

/**
 * Places an order. WeChat Pay replies to the same content again with a fresh `prepay_id`, and refuses different content under the
 * same number.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791856 pages within WeChat and mini programs
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012525136 apps
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791834 H5
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012791877 QR codes
 */
export const prepayOrder: V3Operation<CheckedPrepay, string> = {
  name: 'order.prepay',
  effect: 'idempotent',
  advice: REPEAT_THE_SAME_ORDER,
  successStatus: [200],
  namesNoOrder: true,
  subject: orderSubject,
  outTradeNo: ({ outTradeNo }) => outTradeNo,
  request: (order, mchid) => ({
    method: 'POST',
    path: `/v3/pay/${order.subMchid === undefined ? '' : 'partner/'}transactions/${PREPAY_SEGMENTS[order.form]}`,
    body: JSON.stringify(prepayBody(order, mchid)),
  }),
  decode: (json, { form }) => readPrepayReply(json, form),
};
