/**
 * Replaces line ends, terminal escapes and other characters without a shape of their own: text that comes from outside could
 * forge log lines with them, or change how a terminal shows those around it.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
