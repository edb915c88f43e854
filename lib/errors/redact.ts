const MAX_LENGTH = 200;

/**
 * Makes text that came from outside fit for a log line: no control characters, nothing that looks like a key,
 * a signature, a token or an openid, at most 200 characters.
 */
export function redact(text: string): string {
  const clean = text
    .replace(/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(-----END [A-Z0-9 ]+-----|$)/g, '[pem]')
    .replace(/WECHATPAY2-[A-Z0-9-]+ [^\r\n]*/g, '[authorization]')
    .replace(/[A-Za-z0-9+/_-]{64,}={0,2}/g, '[secret]')
    // An openid: 28 characters that begin with "o"; https://developers.weixin.qq.com/doc/ shows the form.
    .replace(/(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])/g, '[openid]')
    // Control and format characters would let upstream text forge log lines.
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
}
