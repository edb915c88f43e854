import { unknownFault } from '../faults/transport-faults.js';
import type { MockOrder } from '../orders/mock-order.js';
import type { Compose } from './notification-post.js';
import { v2EffectOf } from '../v2/effect.js';
import { signedReply, successMessage } from '../v2/message.js';
import { orderFields } from '../v2/order-fields.js';
import type { SignType } from '../v2/signature.js';

/**
 * Creates an APIv2 notification: the fields of a query of a paid order, without its state.
 *
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_7
 */
export function v2Notification(
  order: MockOrder,
  key: { readonly signType: SignType; readonly apiV2Key: string },
): Compose {
  const { trade_state: _state, trade_state_desc: _text, ...paid } = orderFields(order);
  const { appid, mchid, subAppid, subMchid } = order;
  const owner = { appid, mch_id: mchid, sub_appid: subAppid, sub_mch_id: subMchid };
  const message = successMessage(owner, { ...paid, attach: order.attach });
  return async (fault) => {
    if (fault?.fault === 'tampered-ciphertext' || fault?.fault === 'wrong-key') {
      return unknownFault('APIv2', fault);
    }
    const effect = v2EffectOf(fault ?? {});
    const { headers, body } = signedReply(message, key, effect);
    return { headers: { ...headers, 'Content-Type': 'text/xml', ...effect.headers }, body };
  };
}
