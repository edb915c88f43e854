import { SaxesParser } from 'saxes';
import { WxPayInputError } from '../errors/wxpay-input-error.js';

/** Fields of a message by name; all values, including numbers, are strings exactly as sent. */
export type V2Fields = Readonly<Record<string, string>>;

/** Error for bytes that are not an APIv2 message. Its message is a phrase that never quotes their content. */
export class UnreadableXml extends Error {}

// Only an XML declaration may precede the root: a document type, with any entities it declares, is refused before the parser
// sees it.
const BEGINNINGS = {
  xml: /^[ \t\r\n]*(?:<\?xml[ \t\r\n][^<>]*\?>[ \t\r\n]*)?<xml[ \t\r\n]*>/,
  root: /^[ \t\r\n]*(?:<\?xml[ \t\r\n][^<>]*\?>[ \t\r\n]*)?<root[ \t\r\n]*>/,
};

/** The largest known replies, to queries of refunds with their coupons, have a few hundred fields. */
const MAX_FIELDS = 2_000;

/**
 * Reads an APIv2 message: UTF-8, one root element with one level of fields, each in text or CDATA.
 *
 * @param maxFields limit at which reading stops, which bounds the cost of a message
 * @param root name of the root element; only the content of refund notifications has another one
 * @returns an object without a prototype, so that a field `__proto__` is a field like any other
 * @throws {UnreadableXml} for any other input, including legal XML with document types, entities, attributes, comments,
 *   processing instructions, nested or repeated fields
 */
export function parseXml(
  body: Uint8Array,
  maxFields = MAX_FIELDS,
  root: keyof typeof BEGINNINGS = 'xml',
): V2Fields {
  const text = decodeUtf8(body);
  if (!BEGINNINGS[root].test(text)) throw new UnreadableXml(`it does not begin with <${root}>`);
  try {
    return parse(text, maxFields);
  } catch (error) {
    if (error instanceof UnreadableXml) throw error;
    // The parser's own message quotes the input.
    throw new UnreadableXml('it is not well-formed XML');
  }
}

const UTF_8 = new TextDecoder('utf-8', { fatal: true });

function decodeUtf8(body: Uint8Array): string {
  try {
    return UTF_8.decode(body);
  } catch {
    throw new UnreadableXml('it is not UTF-8');
  }
}

function parse(text: string, maxFields: number): V2Fields {
  const fields = Object.create(null) as Record<string, string>;
  let depth = 0;
  const countField = counter(maxFields, 'fields');
  const countSection = counter(maxFields, 'CDATA sections');
  let value = '';
  const parser = new SaxesParser({ position: false, defaultXMLVersion: '1.0', forceXMLVersion: true });
  parser.on('xmldecl', ({ encoding = 'utf-8' }) => {
    if (encoding.toLowerCase() !== 'utf-8') {
      throw new UnreadableXml('it declares an encoding other than UTF-8');
    }
  });
  parser.on('opentag', ({ attributes }) => {
    depth++;
    if (depth > 2) throw new UnreadableXml('it has fields within fields');
    if (depth === 2) countField();
    if (Object.keys(attributes).length > 0) throw new UnreadableXml('it has attributes');
    value = '';
  });
  parser.on('closetag', ({ name }) => {
    if (depth-- !== 2) return;
    if (name in fields) throw new UnreadableXml('it has a field twice');
    fields[name] = value;
  });
  parser.on('text', (part) => {
    value += part;
    if (depth === 1 && part.trim() !== '') throw new UnreadableXml('it has text outside of its fields');
  });
  parser.on('cdata', (part) => {
    value += part;
    if (depth !== 2) throw new UnreadableXml('it has text outside of its fields');
    countSection();
  });
  parser.on('comment', () => {
    throw new UnreadableXml('it has comments');
  });
  parser.on('processinginstruction', () => {
    throw new UnreadableXml('it has processing instructions');
  });
  parser.write(text).close();
  return fields;
}

/** Returns a function that refuses the message when it is called more than `max` times. */
function counter(max: number, what: string): () => void {
  let count = 0;
  return () => {
    if (++count > max) throw new UnreadableXml(`it has more than ${max} ${what}`);
  };
}

/**
 * Writes an APIv2 message. Values are escaped, which is equivalent to CDATA for WeChat Pay.
 *
 * @throws {WxPayInputError} naming a field whose name or value XML cannot represent
 */
export function formatXml(fields: V2Fields): string {
  const elements = Object.entries(fields).map(([name, value]) => formatElement(name, value));
  return `<xml>${elements.join('')}</xml>`;
}

/**
 * Writes one field of a message.
 *
 * @throws {WxPayInputError} if XML cannot represent its name or value
 */
export function formatElement(name: string, value: string): string {
  if (!FIELD_NAME.test(name)) throw new WxPayInputError('fields', 'has a name that is not allowed in XML.');
  if (UNFIT.test(value)) throw new WxPayInputError(name, 'has a character that is not allowed in XML.');
  return `<${name}>${escape(value)}</${name}>`;
}

const FIELD_NAME = /^[A-Za-z_][\w.-]*$/;

// https://www.w3.org/TR/xml/#charsets: only these three control characters, and no unpaired surrogate.
const UNFIT = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** Escapes a value. `]]>` is illegal in text, and a parser turns a bare carriage return into a line feed. */
function escape(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;');
}
