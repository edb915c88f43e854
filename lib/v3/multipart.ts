import { randomUUID } from 'node:crypto';

/** Parts of an upload. */
export interface MultipartParts {
  /** JSON of the part `meta`. */
  readonly meta: string;
  readonly fileName: string;
  readonly content: Uint8Array;
}

/**
 * Builds the body of an upload.
 *
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4012365334
 */
export function multipartOf({ meta, fileName, content }: MultipartParts): {
  readonly type: string;
  readonly bytes: Uint8Array;
} {
  const boundary = randomUUID().replaceAll('-', '');
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n${meta}\r\n` +
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const bytes = Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { type: `multipart/form-data; boundary=${boundary}`, bytes };
}
