import { formatElement, type V2Fields } from '../../v2/xml.js';

// Fields that WeChat Pay writes without CDATA.
const PLAIN = /_fee$|^coupon_(count|fee_\d+)$/;
// Not valid in CDATA: `]]>` ends it, and parsers convert a carriage return to a line feed.
const NO_CDATA = /\]\]>|\r/;

/**
 * Formats an APIv2 message like WeChat Pay: one line per field, strings in CDATA, amounts without.
 *
 * @throws {WxPayInputError} if XML cannot carry a name or a value
 */
export function replyXml(fields: V2Fields): string {
  const lines = Object.entries(fields).map(([name, value]) => element(name, value));
  return `<xml>${lines.join('\n')}\n</xml>`;
}

function element(name: string, value: string): string {
  const escaped = formatElement(name, value);
  if (PLAIN.test(name) || NO_CDATA.test(value)) return escaped;
  return `<${name}><![CDATA[${value}]]></${name}>`;
}
