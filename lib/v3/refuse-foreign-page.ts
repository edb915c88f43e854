import type { CallContext } from '../errors/call-context.js';
import { notAWeChatPayReply } from '../transport/failures.js';
import type { Reply } from '../transport/http/reply.js';
import { jsonOrUndefined } from './json.js';
import { SIGNATURE_HEADERS } from './message-verifier.js';

/**
 * Refuses the page of an intermediary, such as a proxy, that has the status of a success: it has no signature header and is
 * not JSON. A 204 has no body and is always left to the verifier.
 *
 * @throws {WxPayTransportError} if the reply is such a page
 */
export function refuseForeignPage(reply: Reply, call: CallContext, host: string): void {
  const { status, headers, body } = reply;
  if (status >= 300 || status === 204) return;
  const hasSignature = SIGNATURE_HEADERS.some((name) => headers.get(name.toLowerCase()) !== undefined);
  if (hasSignature || jsonOrUndefined(body) !== undefined) return;
  throw notAWeChatPayReply(call, host, reply);
}
