import type { CallContext } from '../errors/call-context.js';
import { readPointerIn } from '../errors/read-pointer.js';
import { WxPayApiError, type WxPayApiErrorInit } from '../errors/wxpay-api-error.js';
import { notAWeChatPayReply } from '../transport/failures.js';
import type { Reply } from '../transport/http/reply.js';
import { retryAfterMs } from '../transport/retry/retry-after.js';
import { parseXml, UnreadableXml, type V2Fields } from './xml.js';

/** Call to which a reply belongs, and its origin. */
export interface ReplyContext {
  readonly call: CallContext;
  /** Origin that sent the reply. */
  readonly host: string;
  /** Milliseconds since the epoch; needed for a `Retry-After` that is a date. */
  readonly now: number;
}

/**
 * Reads the outermost layer of a reply. Its fields prove nothing until their signature is verified.
 *
 * @returns the fields of a reply that claims to be signed
 * @throws {WxPayTransportError} if the reply is not an APIv2 message
 * @throws {WxPayApiError} if WeChat Pay reports that it did not process the request; it never signs such a reply
 */
export function readOuterLayer(reply: Reply, context: ReplyContext): V2Fields {
  if (reply.status === 429) throw refusal('RATELIMIT_EXCEEDED', undefined, { reply, context, signed: false });
  if (reply.status !== 200) throw notAMessage(reply, context, 'its status is not 200');
  const fields = readFields(reply, context);
  if (fields.return_code === 'SUCCESS') return fields;
  const text = textOf(fields);
  if (fields.return_code !== 'FAIL' && fields.retcode === undefined) {
    throw notAMessage(reply, context, 'it has no return_code');
  }
  const detail = detailOf(fieldIn(text), issueOf(fields));
  throw refusal(codeOf(text), text, { reply, context, signed: false, detail });
}

/** Reads a refusal: a reply with `result_code` FAIL. */
export function decodeV2Error(
  fields: V2Fields,
  reply: Reply,
  { signed, ...context }: ReplyContext & { readonly signed: boolean },
): WxPayApiError {
  const asksAgain = fields.recall === 'Y';
  const { err_code: code, err_code_des: text } = fields;
  const detail = detailOf(text && fieldIn(text));
  return refusal(code || 'FAIL', text, { reply, context, signed, asksAgain, detail });
}

/** Joins the texts of an error. The sandbox has its own fields for text and code, besides the usual ones or instead. */
function textOf({ return_msg: text, retmsg }: V2Fields): string {
  return [text, retmsg].filter(Boolean).join(' ');
}

function issueOf({ retcode, error_code: errorCode }: V2Fields): string | undefined {
  return retcode ? `retcode ${retcode}` : errorCode && `error_code ${errorCode}`;
}

function detailOf(field?: string, issue?: string): WxPayApiErrorInit['detail'] {
  return field || issue ? { ...(field && { field }), ...(issue && { issue }) } : undefined;
}

function readFields(reply: Reply, context: ReplyContext): V2Fields {
  try {
    return parseXml(reply.body);
  } catch (error) {
    if (!(error instanceof UnreadableXml)) throw error;
    throw notAMessage(reply, context, error.message);
  }
}

/**
 * Quotes the beginning of a page, which helps to recognise it, but not of a message: it holds identifiers and signatures.
 */
function notAMessage(reply: Reply, { call, host }: ReplyContext, problem: string): Error {
  return notAWeChatPayReply(call, host, reply, reply.body.includes('<xml') ? problem : undefined);
}

/** Error codes for texts of the outermost layer, which has no code: the code tells the caller how to react. */
const WORDINGS: readonly (readonly [wording: RegExp, code: string])[] = [
  [/签名|\bsign/i, 'SIGN_ERROR'],
  [/sub_?mch|子商户|受理关系|权限/i, 'NO_AUTH'],
  [/^(?=.*mch)(?=.*appid)/is, 'APPID_MCHID_NOT_MATCH'],
  [/mch_?id|商户号/i, 'MCHID_NOT_EXIST'],
  [/appid/i, 'APPID_NOT_EXIST'],
  [/系统(繁忙|错误|异常|超时)|system ?(error|busy)/i, 'SYSTEM_ERROR'],
  [/频率|频繁|frequen|too many/i, 'FREQUENCY_LIMITED'],
  [/^\w+时间过短/, 'PARAM_ERROR'],
  [/bill creating/i, 'STATEMENT_CREATING'],
  [/no bill exist/i, 'NO_STATEMENT_EXIST'],
];

/** Name of a field that the request lacks, or whose time is too early. */
const NAMED_FIELD = /必须传入(\w+)|^(\w+)时间过短/;

/** Reads the name of the field that a text is about: `total_fee` of the pointer `/body/xml/total_fee`. */
function fieldIn(wholeText: string): string | undefined {
  const text = beginningOf(wholeText);
  const pointer = readPointerIn(text);
  if (pointer !== undefined) return pointer.path.replace(/^\/(xml\/)?/, '');
  const [, missing, early] = NAMED_FIELD.exec(text) ?? [];
  return missing ?? early;
}

function codeOf(wholeText: string): string {
  const text = beginningOf(wholeText);
  // The wordings must not match the name of the field in a pointer: `sign_type` is no wrong signature.
  if (readPointerIn(text) !== undefined) return 'PARAM_ERROR';
  return WORDINGS.find(([wording]) => wording.test(text))?.[1] ?? 'FAIL';
}

/** Real texts are short: the rest of a long one is not searched. */
function beginningOf(text: string): string {
  return text.slice(0, 200);
}

function refusal(
  code: string,
  text: string | undefined,
  {
    reply,
    context: { call, now },
    signed,
    asksAgain,
    detail,
  }: Pick<WxPayApiErrorInit, 'signed' | 'asksAgain' | 'detail'> & {
    readonly reply: Reply;
    readonly context: ReplyContext;
  },
): WxPayApiError {
  return new WxPayApiError({
    call,
    code,
    httpStatus: reply.status,
    signed,
    text,
    requestId: reply.headers.get('request-id'),
    retryAfterMs: retryAfterMs(reply, now),
    asksAgain,
    detail,
  });
}
