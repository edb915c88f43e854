import { memberOf, text } from '../json.js';
import { expectEcho, type V3Operation } from '../operation.js';

/**
 * Has WeChat Pay repeat a message, which changes nothing: a verified reply proves the keys of both sides.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4014551946
 */
export const securityEcho: V3Operation<string, void> = {
  name: 'security.echo',
  effect: 'none',
  isSelfTest: true,
  successStatus: [200],
  subject: () => 'a test message',
  request: (message) => ({
    method: 'POST',
    path: '/v3/security/echo',
    body: JSON.stringify({ echo_message: message }),
  }),
  decode(json, message) {
    const path = '$.echo_message';
    expectEcho(text(memberOf(json, 'echo_message'), path), message, path);
  },
};
