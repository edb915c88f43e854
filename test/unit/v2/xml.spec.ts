import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseXml, UnreadableXml } from '../../../lib/v2/xml.js';
import { outcomeOf } from '../../support/assertions/outcome-of.js';
import { readV2ReplySamples } from '../../support/fixtures/v2-samples.js';

const parse = (text: string) => ({ ...parseXml(Buffer.from(text)) });

const BILLION_LAUGHS = `<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
<xml><attach>&lol3;</attach></xml>`;

describe('parseXml', () => {
  it('reads the official sample, with all values as strings', () => {
    const fields = parse(readV2ReplySamples().orderQuery.xml);

    expect(fields).toMatchObject({
      return_code: 'SUCCESS',
      mch_id: '10000100',
      total_fee: '1',
      transaction_id: '1008450740201411110005820873',
      attach: '订单额外描述',
    });
    expect(Object.keys(fields)).toHaveLength(19);
  });

  it.each([
    ['text', '<a>x</a>', 'x'],
    ['CDATA', '<a><![CDATA[x]]></a>', 'x'],
    [
      'markup in CDATA',
      '<a><![CDATA[<b>&amp;<!DOCTYPE c [<!ENTITY d "e">]>]]></a>',
      '<b>&amp;<!DOCTYPE c [<!ENTITY d "e">]>',
    ],
    ['"]]>", split as it has to be', '<a><![CDATA[x]]]]><![CDATA[>y]]></a>', 'x]]>y'],
    ['text around CDATA', '<a>1<![CDATA[<2>]]>3</a>', '1<2>3'],
    ['spaces', '<a> x  y\n\t</a>', ' x  y\n\t'],
    ['the five entities', '<a>&lt;&gt;&amp;&quot;&apos;</a>', '<>&"\''],
    ['characters by number', '<a>&#13;&#x4e2d;&#128512;</a>', '\r中😀'],
    ['nothing', '<a></a>', ''],
    ['nothing, in short', '<a/>', ''],
    ['zeros and big numbers', '<a>00012345678901234567890.10</a>', '00012345678901234567890.10'],
  ])('reads %s', (_, element, value) => {
    expect(parse(`<xml>${element}</xml>`)).toEqual({ a: value });
  });

  it.each([
    ['a declaration', '<?xml version="1.0" encoding="UTF-8"?>\n<xml><a>1</a></xml>'],
    ['a declaration of version 1.1', '<?xml version="1.1"?><xml><a>1</a></xml>'],
    ['a byte order mark', '\uFEFF<xml><a>1</a></xml>'],
    ['spaces around it', '\n <xml >\n <a >1</a >\n</xml >\n'],
  ])('reads a message with %s', (_, text) => {
    expect(parse(text)).toEqual({ a: '1' });
  });

  it('reads by the rules of XML 1.0, whatever version a message declares', () => {
    const newLines = '\u0085\u2028';

    expect(parse(`<?xml version="1.1"?><xml><a>${newLines}</a></xml>`)).toEqual({ a: newLines });
    expect(() => parse('<?xml version="1.1"?><xml><a>&#1;</a></xml>')).toThrow(UnreadableXml);
  });

  it('reads __proto__ and constructor as ordinary fields', () => {
    const fields = parseXml(Buffer.from('<xml><__proto__>x</__proto__><constructor>y</constructor></xml>'));

    expect(Object.getPrototypeOf(fields)).toBeNull();
    expect(Object.entries(fields)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([
    ['a document type', '<!DOCTYPE xml><xml><a>1</a></xml>'],
    [
      'a document type behind a declaration',
      '<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "b">]><xml><a>&a;</a></xml>',
    ],
    ['a document type in other letters', '<!doctype xml><xml/>'],
    ['a document type behind a comment', '<!-- c --><!DOCTYPE xml><xml><a>1</a></xml>'],
    ['an external entity', '<!DOCTYPE xml [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><a>&a;</a></xml>'],
    ['a thousand laughs', BILLION_LAUGHS],
    ['another root', '<html><xml><a>1</a></xml></html>'],
    ['a root in capitals', '<XML><a>1</a></XML>'],
    ['a root with attributes', '<xml a="1"></xml>'],
    ['a root without content', '<xml/>'],
    ['a processing instruction before it', '<?xml-stylesheet href="x"?><xml></xml>'],
    ['two declarations', '<?xml version="1.0"?><?xml version="1.0"?><xml></xml>'],
    ['text before it', 'ok <xml></xml>'],
    ['JSON', '{"code":"FAIL"}'],
    ['nothing', ''],
  ])('refuses %s before it is parsed', (_, text) => {
    expect(() => parse(text)).toThrow(new UnreadableXml('it does not begin with <xml>'));
  });

  it.each([
    [
      'a document type inside',
      '<xml><!DOCTYPE xml [<!ENTITY a "b">]><a>&a;</a></xml>',
      'it is not well-formed XML',
    ],
    ['a document type at the end', '<xml><a>1</a></xml><!DOCTYPE xml>', 'it is not well-formed XML'],
    ['an entity declaration', '<xml><!ENTITY a "b"></xml>', 'it is not well-formed XML'],
    ['an entity that nobody declared', '<xml><a>&a;</a></xml>', 'it is not well-formed XML'],
    ['an entity by the name of a method', '<xml><a>&constructor;</a></xml>', 'it is not well-formed XML'],
    ['a parameter entity', '<xml><a>&%a;</a></xml>', 'it is not well-formed XML'],
    ['a character that XML forbids', '<xml><a>\u0001</a></xml>', 'it is not well-formed XML'],
    ['such a character by number', '<xml><a>&#1;</a></xml>', 'it is not well-formed XML'],
    ['a bare "]]>"', '<xml><a>]]></a></xml>', 'it is not well-formed XML'],
    ['tags that do not match', '<xml><a>1</b></xml>', 'it is not well-formed XML'],
    ['half a message', '<xml><a>1</a>', 'it is not well-formed XML'],
    ['two messages', '<xml><a>1</a></xml><xml><a>2</a></xml>', 'it is not well-formed XML'],
    ['text behind it', '<xml><a>1</a></xml>x', 'it is not well-formed XML'],
    ['an attribute', '<xml><a b="1">1</a></xml>', 'it has attributes'],
    ['a namespace', '<xml><a xmlns="urn:x">1</a></xml>', 'it has attributes'],
    ['fields within fields', '<xml><a><b>1</b></a></xml>', 'it has fields within fields'],
    ['a field twice', '<xml><a>1</a><a>1</a></xml>', 'it has a field twice'],
    [
      '__proto__ twice',
      '<xml><__proto__>1</__proto__><__proto__>2</__proto__></xml>',
      'it has a field twice',
    ],
    ['text between fields', '<xml><a>1</a>x</xml>', 'it has text outside of its fields'],
    ['CDATA between fields', '<xml><a>1</a><![CDATA[ ]]></xml>', 'it has text outside of its fields'],
    ['a comment that cuts a value', '<xml><a>1<!-- -->2</a></xml>', 'it has comments'],
    ['a comment behind it', '<xml><a>1</a></xml><!-- -->', 'it has comments'],
    ['a processing instruction', '<xml><a><?php ?>1</a></xml>', 'it has processing instructions'],
    [
      'another encoding',
      '<?xml version="1.0" encoding="GBK"?><xml></xml>',
      'it declares an encoding other than UTF-8',
    ],
  ])('refuses %s', (_, text, problem) => {
    expect(() => parse(text)).toThrow(new UnreadableXml(problem));
  });

  it.each([
    ['UTF-16 with a mark', Buffer.from('\uFEFF<xml><a>1</a></xml>', 'utf16le'), 'it is not UTF-8'],
    [
      'UTF-16 without',
      Buffer.from('<!DOCTYPE x><xml><a>1</a></xml>', 'utf16le'),
      'it does not begin with <xml>',
    ],
    [
      'GBK',
      Buffer.from([...Buffer.from('<xml><a>'), 0xd6, 0xd0, ...Buffer.from('</a></xml>')]),
      'it is not UTF-8',
    ],
    ['an overlong <', Buffer.from([0xc0, 0xbc, ...Buffer.from('xml></xml>')]), 'it is not UTF-8'],
    ['half a character', Buffer.from([...Buffer.from('<xml></xml>'), 0xe4]), 'it is not UTF-8'],
  ])('refuses bytes of %s', (_, bytes, problem) => {
    expect(() => parseXml(bytes)).toThrow(new UnreadableXml(problem));
  });

  it('refuses any other input with the same kind of error', () => {
    const markup = fc.constantFrom(
      '<xml>',
      '</xml>',
      '<a>',
      '</a>',
      '<a/>',
      '<a b="',
      '">',
      '<![CDATA[',
      ']]>',
      '<!--',
      '-->',
      '&#',
      ';',
      '&amp;',
      '&a;',
      '<?xml version="1.0"?>',
      '<?a',
      '?>',
      '<!DOCTYPE xml [',
      '<!ENTITY a "',
      ']',
      '\uFEFF',
    );
    const noise = fc.oneof(markup, fc.string({ unit: 'binary', maxLength: 5 }));
    const messages = fc.array(noise, { maxLength: 12 }).map((parts) => Buffer.from(parts.join('')));
    const likeMessages = messages.map((inner) =>
      Buffer.concat([Buffer.from('<xml>'), inner, Buffer.from('</xml>')]),
    );
    const bytes = fc.uint8Array({ maxLength: 60 });

    fc.assert(
      fc.property(fc.oneof(likeMessages, messages, bytes), (body) => {
        const outcome = outcomeOf(() => Object.values(parseXml(body)));

        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UnreadableXml);
        else expect(outcome.filter((value) => typeof value !== 'string')).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads as many fields as allowed, and refuses the next one', () => {
    const withFields = (count: number) =>
      Buffer.from(`<xml>${Array.from({ length: count }, (_, i) => `<a${i}>1</a${i}>`).join('')}</xml>`);

    expect(Object.keys(parseXml(withFields(2_000)))).toHaveLength(2_000);
    expect(() => parseXml(withFields(2_001))).toThrow('it has more than 2000 fields');
    expect(Object.keys(parseXml(withFields(3), 3))).toHaveLength(3);
    expect(() => parseXml(withFields(4), 3)).toThrow('it has more than 3 fields');
  });

  it('refuses more CDATA sections than fields', () => {
    const withSections = (count: number) => Buffer.from(`<xml><a>${'<![CDATA[x]]>'.repeat(count)}</a></xml>`);

    expect(parseXml(withSections(3), 3)).toEqual({ a: 'xxx' });
    expect(() => parseXml(withSections(4), 3)).toThrow('it has more than 3 CDATA sections');
  });

  it.each([
    ['tags', '<xml>' + '<a>'.repeat(350_000)],
    ['open CDATA', '<xml>' + '<![CDATA['.repeat(110_000)],
    ['declarations', '<?xml '.repeat(170_000)],
    ['ampersands', '<xml><a>' + '&'.repeat(1_000_000)],
    ['question marks', '<?xml ' + '?'.repeat(1_000_000)],
  ])('refuses a megabyte of %s quickly', (_, text) => {
    const startedAt = performance.now();

    expect(() => parse(text)).toThrow(UnreadableXml);

    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });
});
