import { createReadStream } from 'node:fs';
import { TextDecoder } from 'node:util';

/** Failure of a file as a whole: it is not UTF-8, or a line has no end. */
export class UnreadableText extends Error {}

/** Maximum length of a line in characters; no line of a bill is as long. */
const MAX_LINE = 1_048_576;

/**
 * Yields the lines of a file in UTF-8 without their ends, a batch for each chunk that is read, in constant memory.
 *
 * @throws {UnreadableText} if the file is not UTF-8, or a line has no end
 */
export async function* linesOf(path: string): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of createReadStream(path)) {
    const lines = (rest + decode(decoder, chunk as Buffer)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new UnreadableText(`it has a line of more than ${MAX_LINE} characters`);
    yield lines.map(withoutReturn);
  }
  yield [withoutReturn(rest + decode(decoder))];
}

function decode(decoder: TextDecoder, chunk?: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new UnreadableText('it is not UTF-8');
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
