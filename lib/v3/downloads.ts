import type { CallOptions } from '../domain/options.js';
import type { CallContext } from '../errors/call-context.js';
import { DEFAULT_DOWNLOAD_TIMEOUT_MS } from '../rules/limits.js';
import { receiveFile, receiveShort } from '../transport/download/receive-file.js';
import type { TemporaryFile } from '../transport/download/temporary-file.js';
import { notAWeChatPayReply } from '../transport/failures.js';
import type { Attempt } from '../transport/retry/attempt.js';
import type { StreamedReply } from '../transport/http/reply.js';
import type { CheckedDownload } from './check-download.js';
import { decodeV3Error } from './decode-error.js';
import type { V3PipelineOptions } from './pipeline.js';

const HEADERS = { Accept: 'application/json' };

/** Downloads files over APIv3. Requests are signed; WeChat Pay does not sign the files. */
export class V3Downloads {
  readonly #options: V3PipelineOptions;

  constructor(options: V3PipelineOptions) {
    this.#options = options;
  }

  /**
   * Downloads a file.
   *
   * @param call its operation and subject, for errors
   * @throws {WxPayError} of the kind that names the failure; `signal.reason` if the caller aborted
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013071238
   */
  run(
    call: Pick<CallContext, 'operation' | 'subject'>,
    { origin, path, ...terms }: CheckedDownload,
    { signal, timeoutMs = DEFAULT_DOWNLOAD_TIMEOUT_MS }: CallOptions = {},
  ): Promise<TemporaryFile> {
    const { merchant, transport, authenticator } = this.#options;
    const request = { method: 'GET', path, body: '' };
    const run = { signal, timeoutMs, effect: 'none', anyReply: true, origin } as const;
    return transport.run({ ...call, merchant }, run, async (attempt) => {
      const proof = await authenticator.authorize(request, attempt);
      const reply = await attempt.open(request, { ...HEADERS, ...proof });
      if (reply.status !== 200 || isPage(reply)) throw await this.#refusal(reply, attempt);
      return receiveFile(reply, terms, attempt);
    });
  }

  async #refusal(streamed: StreamedReply, attempt: Attempt): Promise<Error> {
    const { authenticator, now } = this.#options;
    const { call, host } = attempt;
    const reply = await receiveShort(streamed, attempt);
    if (reply.status < 300) return notAWeChatPayReply(call, host, reply);
    const signed = await authenticator.verify(reply, attempt);
    return decodeV3Error(reply, { call, host, signed, now: now() });
  }
}

/** Tells whether a success is the page of a proxy: WeChat Pay sends no files of this type. */
function isPage({ headers }: StreamedReply): boolean {
  return headers.get('content-type')?.toLowerCase().startsWith('text/html') === true;
}
