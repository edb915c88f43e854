import type { Reply, StreamedReply } from '../http/reply.js';
import type { Attempt, SendFailure } from '../retry/attempt.js';
import { collect } from './collect.js';
import { downloadFailed } from './download-failed.js';
import { spool, SpoolError, type SpoolFault, type SpoolTerms } from './spool.js';
import type { TemporaryFile } from './temporary-file.js';

/** Maximum size of a refusal or of the page of a proxy. */
const MAX_SHORT_BYTES = 65_536;

const ORIGINS: Readonly<Record<SpoolFault, SendFailure['origin']>> = {
  broken: 'host',
  'too-large': 'oversized-reply',
  'not-gzip': 'host',
  'wrong-hash': 'host',
  disk: 'app',
};

/**
 * Receives the body of an opened reply as a temporary file.
 *
 * @throws {WxPayError} naming the failure; no file is left then
 */
export function receiveFile(
  { body }: StreamedReply,
  terms: SpoolTerms,
  attempt: Attempt,
): Promise<TemporaryFile> {
  return read(attempt, () => spool(body, terms));
}

/** Receives the body of an opened reply in memory: a refusal, or the page of a proxy. */
export async function receiveShort(reply: StreamedReply, attempt: Attempt): Promise<Reply> {
  const body = await read(attempt, () => collect(reply.body, MAX_SHORT_BYTES));
  return { ...reply, body };
}

function read<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  const { call, host } = attempt;
  return attempt.read(work, (error) => {
    const failure = error instanceof SpoolError ? error : new SpoolError('disk', error);
    return { error: downloadFailed(call, host, failure), origin: ORIGINS[failure.fault] };
  });
}
