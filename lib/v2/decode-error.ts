import type { CallContext } from '../errors/call-context.js';
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
  const beginning = text.slice(0, 200);
  const detail = detailOf(fields, beginning);
  throw refusal(codeOf(beginning), text, { reply, context, signed: false, detail });
}

/** Reads a refusal: a reply with `result_code` FAIL. */
export function decodeV2Error(
  fields: V2Fields,
  reply: Reply,
  { signed, ...context }: ReplyContext & { readonly signed: boolean },
): WxPayApiError {
  const asksAgain = fields.recall === 'Y';
  return refusal(fields.err_code || 'FAIL', fields.err_code_des, { reply, context, signed, asksAgain });
}

/** Joins the texts of an error. The sandbox has its own fields for text and code, besides the usual ones or instead. */
function textOf({ return_msg: text, retmsg }: V2Fields): string {
  return [text, retmsg].filter(Boolean).join(' ');
}

function detailOf({ retcode, error_code: errorCode }: V2Fields, text: string): WxPayApiErrorInit['detail'] {
  const field = MISSING_FIELD.exec(text)?.[1];
  const issue = retcode ? `retcode ${retcode}` : errorCode && `error_code ${errorCode}`;
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
  [/bill creating/i, 'STATEMENT_CREATING'],
  [/no bill exist/i, 'NO_STATEMENT_EXIST'],
];

/** Name of a field that the request lacks, in such a text. */
const MISSING_FIELD = /必须传入(\w+)/;

function codeOf(text: string): string {
  return WORDINGS.find(([wording]) => wording.test(text))?.[1] ?? 'FAIL';
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
