import type { CallOptions } from '../domain/options.js';
import type { CallContext } from '../errors/call-context.js';
import { DEFAULT_DOWNLOAD_TIMEOUT_MS } from '../rules/limits.js';
import { receiveFile, receiveShort } from '../transport/download/receive-file.js';
import type { SpoolTerms } from '../transport/download/spool.js';
import type { TemporaryFile } from '../transport/download/temporary-file.js';
import { notAWeChatPayReply } from '../transport/failures.js';
import type { Reply } from '../transport/http/reply.js';
import { readOuterLayer } from './decode-error.js';
import type { V2PipelineOptions } from './pipeline.js';
import { formatXml, type V2Fields } from './xml.js';

const HEADERS = { Accept: '*/*', 'Content-Type': 'text/xml; charset=utf-8' };
/** More bytes than any refusal has. */
const MAX_REFUSAL_BYTES = 65_536;
const EMPTY = Buffer.alloc(0);

/** Request for a file. */
export interface V2Download extends SpoolTerms {
  readonly path: string;
  readonly fields: V2Fields;
}

/** Downloads files over APIv2. WeChat Pay signs neither the file nor the XML refusal that it may send instead. */
export class V2Downloads {
  readonly #options: V2PipelineOptions;

  constructor(options: V2PipelineOptions) {
    this.#options = options;
  }

  /**
   * Downloads a file.
   *
   * @param call its operation and subject, for errors
   * @throws {WxPayError} of the kind that names the failure; `signal.reason` if the caller aborted
   */
  run(
    call: Pick<CallContext, 'operation' | 'subject'>,
    { path, fields, ...terms }: V2Download,
    { signal, timeoutMs = DEFAULT_DOWNLOAD_TIMEOUT_MS }: CallOptions = {},
  ): Promise<TemporaryFile> {
    const { merchant, transport, authenticator, now } = this.#options;
    const named = { ...call, merchant };
    const run = { signal, timeoutMs, effect: 'none', anyReply: true } as const;
    return transport.run(named, run, async (attempt) => {
      const asked = await authenticator.sign(fields, attempt);
      const reply = await attempt.open({ method: 'POST', path, body: formatXml(asked) }, HEADERS);
      const context = { call: named, host: attempt.host, now: now() };
      const refuse = (message: Reply): Error => {
        readOuterLayer(message, context);
        return notAWeChatPayReply(named, attempt.host, { ...message, body: EMPTY });
      };
      if (reply.status !== 200) throw refuse(await receiveShort(reply, attempt));
      const file = await receiveFile(reply, terms, attempt);
      const message = await messageIn(file).catch(async (error: unknown) => {
        await file[Symbol.asyncDispose]();
        throw error;
      });
      if (message === undefined) return file;
      await file[Symbol.asyncDispose]();
      throw refuse({ ...reply, body: message });
    });
  }
}

/** Returns the message that came in place of a file: XML, or the page of a proxy. */
async function messageIn(file: TemporaryFile): Promise<Buffer | undefined> {
  if (file.size > MAX_REFUSAL_BYTES) return undefined;
  const bytes = await file.read();
  return /^\uFEFF?\s*</.test(bytes.subarray(0, 64).toString()) ? bytes : undefined;
}
