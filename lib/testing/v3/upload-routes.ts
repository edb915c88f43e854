import { createHash, randomBytes } from 'node:crypto';
import { jsonReply, type ReceivedRequest } from '../http/exchange.js';
import { readMultipart } from './multipart.js';
import { unreadableRequest } from './parameter-problems.js';
import { invalidRequest } from './problem.js';
import type { ReadRequest, Route } from './route.js';

/**
 * Endpoints that keep a file and return its `media_id`.
 *
 * @see https://pay.weixin.qq.com/doc/v3/partner/4012760432
 */
export const UPLOAD_ROUTES: readonly Route[] = ['upload', 'video_upload'].map((name) => ({
  operation: 'upload',
  method: 'POST',
  pattern: new RegExp(`^/v3/merchant/media/${name}$`),
  read: readUpload,
}));

function readUpload(request: ReceivedRequest): ReadRequest {
  const { meta, fileName, content } = readMultipart(request) ?? {};
  if (meta === undefined || content === undefined) throw unreadableRequest('上传的文件不是合法的表单');
  const { filename, sha256 } = parse(meta);
  if (filename !== fileName) throw invalidRequest('meta中的filename与上传的文件名不一致');
  if (sha256 !== createHash('sha256').update(content).digest('hex')) {
    throw invalidRequest('图片文件的sha256摘要计算错误');
  }
  return { numbers: {}, reply: () => jsonReply(200, { media_id: randomBytes(48).toString('base64url') }) };
}

function parse(meta: Buffer): { readonly filename?: unknown; readonly sha256?: unknown } {
  try {
    return (JSON.parse(meta.toString()) ?? {}) as object;
  } catch {
    throw unreadableRequest('meta不是合法的JSON');
  }
}
