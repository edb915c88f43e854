import type { DownloadedFile, WxPayDownload, WxPayUpload } from '../../domain/files.js';
import type { CallOptions } from '../../domain/options.js';
import type { FilesApi } from '../../domain/ports/apis.js';
import { redact } from '../../errors/redact.js';
import { checkDownload } from '../check-download.js';
import { checkUpload } from '../check-upload.js';
import type { V3Downloads } from '../downloads.js';
import type { V3Operation, V3Request } from '../operation.js';
import type { V3Pipeline } from '../pipeline.js';

const uploadFile: V3Operation<V3Request, unknown> = {
  name: 'upload',
  // Not retried: a large file would be sent again, and some endpoints would keep both copies.
  effect: 'once',
  anyReply: true,
  // The reply has only a media_id, so a replayed reply would name the file of another upload.
  namesNoOrder: true,
  successStatus: [200],
  subject: ({ path }) => `POST ${redact(path)}`,
  request: (request) => request,
  decode: (json) => json,
};

export interface V3FilesApiOptions {
  readonly pipeline: V3Pipeline;
  readonly downloads: V3Downloads;
  /** Origins of the merchant. */
  readonly hosts: readonly string[];
}

/** Uploads and downloads files over APIv3. */
export class V3FilesApi implements FilesApi {
  readonly #options: V3FilesApiOptions;

  constructor(options: V3FilesApiOptions) {
    this.#options = options;
  }

  async upload(upload: WxPayUpload, options?: CallOptions): Promise<unknown> {
    return this.#options.pipeline.execute(uploadFile, checkUpload(upload), options);
  }

  async download(download: WxPayDownload, options?: CallOptions): Promise<DownloadedFile> {
    const { downloads, hosts } = this.#options;
    const checked = checkDownload(download, hosts);
    // The query is a token.
    const subject = `GET ${redact(checked.path.replace(/\?.*/, ''))}`;
    return downloads.run({ operation: 'download', subject }, checked, options);
  }
}
