/** File to upload, with the metadata that WeChat Pay requires. */
export interface WxPayUpload {
  /** Path of the endpoint, such as `/v3/merchant/media/upload`. */
  readonly path: string;
  readonly file: {
    /** Name with its ending, such as `licence.jpg`. */
    readonly name: string;
    readonly content: Uint8Array;
  };
  /**
   * Part `meta` of the request, the only part that is signed. `filename` and `sha256`, the digest of the content, are added
   * unless they are given.
   */
  readonly meta?: Readonly<Record<string, unknown>> | undefined;
}

/** File to download from a URL that WeChat Pay gave. */
export interface WxPayDownload {
  /** URL as received; most are valid for minutes only. */
  readonly url: string;
  /** Expected SHA-1 of the decompressed content, 40 hexadecimal characters. */
  readonly sha1?: string | undefined;
  /** Decompresses the content if it is gzip; default false. */
  readonly gunzip?: boolean | undefined;
  /** Maximum size of the decompressed content, in bytes; default 1 GiB. */
  readonly maxBytes?: number | undefined;
}

/**
 * Downloaded file in the temporary folder of the system, which only the user of this process may read. Dispose of it when it
 * is no longer needed: `await using file = …`, or `await file[Symbol.asyncDispose]()`.
 */
export interface DownloadedFile extends AsyncDisposable {
  /** Path of the temporary file. */
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  /**
   * Copies the file, over an existing one.
   *
   * @throws {WxPayInputError} if it was disposed of
   * @throws {Error} of `node:fs`, if the copy cannot be written
   */
  saveTo(path: string): Promise<void>;
}
