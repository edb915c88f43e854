interface SystemError {
  readonly syscall?: unknown;
  /** One error for each address, if a host has several. */
  readonly errors?: unknown;
  readonly cause?: unknown;
}

/**
 * Tells if a request failed because its name was not resolved, or because no connection was made, to a proxy included.
 *
 * The code alone does not tell: a connection that breaks later may fail with EHOSTUNREACH, too, but in another system call.
 */
export function isConnectionFailure(error: unknown): boolean {
  const { syscall, errors, cause } = (error ?? {}) as SystemError;
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(isConnectionFailure);
  // Newer versions of axios keep the error of Node as the cause only, older ones copy its fields.
  if (syscall === undefined && cause !== undefined) return isConnectionFailure(cause);
  return syscall === 'connect' || syscall === 'getaddrinfo';
}
