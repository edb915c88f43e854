/**
 * Replaces line ends, terminal escapes and other control and format characters by spaces. Upstream text could use them to
 * forge log lines or to change the display of a terminal.
 */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
