/** The signing service gave no signature. */
export class SigningServiceError extends Error {
  override readonly name = 'SigningServiceError';
  /** The HTTP status of its answer, where there was one. */
  readonly status?: number;

  constructor(message: string, { status, cause }: { readonly status?: number; readonly cause?: unknown }) {
    super(message, { cause });
    if (status !== undefined) this.status = status;
  }
}
