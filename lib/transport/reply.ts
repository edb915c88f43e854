/** What came back, untouched: the bytes of the body are the bytes that were signed. */
export interface Reply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}
