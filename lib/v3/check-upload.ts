import { createHash } from 'node:crypto';
import { isUint8Array } from 'node:util/types';
import type { WxPayUpload } from '../domain/files.js';
import { lostMember } from '../domain/lost-members.js';
import { WxPayInputError } from '../errors/wxpay-input-error.js';
import { checkBody } from './check-body.js';
import { checkPath } from './check-path.js';
import { multipartOf } from './multipart.js';
import type { V3Request } from './operation.js';

/** Matches file names that need no escaping in a header: no control characters, quotes and separators. */
// oxlint-disable-next-line no-control-regex -- they are what is excluded
const FILE_NAME = /^[^\u0000-\u001f"\\/\u007f]{1,255}$/;

/**
 * Checks an upload and builds its request. The signature covers `meta` only, and `meta` the content, by its digest.
 *
 * @throws {WxPayInputError} naming the invalid field
 */
export function checkUpload(upload: WxPayUpload): V3Request {
  const { path, file, meta = {} } = (upload ?? {}) as Partial<WxPayUpload>;
  const checkedPath = checkPath(path);
  const { name, content } = (file ?? {}) as Partial<WxPayUpload['file']>;
  if (typeof name !== 'string' || !FILE_NAME.test(name)) {
    throw new WxPayInputError('file.name', 'must be a file name without a folder, such as licence.jpg.');
  }
  if (!isUint8Array(content) || content.length === 0) {
    throw new WxPayInputError('file.content', 'must be the bytes of the file, in a Buffer or a Uint8Array.');
  }
  checkMeta(meta);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const body = JSON.stringify({ filename: name, sha256, ...meta });
  return {
    method: 'POST',
    path: checkedPath,
    body,
    content: multipartOf({ meta: body, fileName: name, content }),
  };
}

function checkMeta(meta: unknown): void {
  const isObject = Object.prototype.toString.call(meta) === '[object Object]';
  const problem = isObject ? lostMember(meta as object) : 'is not one';
  if (problem !== undefined) throw new WxPayInputError('meta', `must be an object: it ${problem}.`);
  checkBody(meta, 'meta');
}
