/** The certificate library: an optional peer that is loaded when a certificate has to be made, and only then. */
export type X509 = typeof import('@peculiar/x509');

const DAY_MS = 86_400_000;

/** @throws {Error} naming the command that installs it */
export async function loadX509(load = importX509): Promise<X509> {
  return load().catch(explainMissing);
}

/** A year or more from yesterday on, for clients whose clock is behind. */
export function validFrom(now: number, years: number): { readonly notBefore: Date; readonly notAfter: Date } {
  // Certificates tell whole seconds.
  const today = now - (now % 1000);
  return { notBefore: new Date(today - DAY_MS), notAfter: new Date(today + years * 365 * DAY_MS) };
}

async function importX509(): Promise<X509> {
  // The library needs the metadata polyfill to be there first.
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

function explainMissing(cause: { readonly code?: unknown }): never {
  if (!['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String(cause.code))) throw cause;
  throw new Error(
    'https: true and platformCertificates need a package that is not installed. Run "npm install --save-dev @peculiar/x509 reflect-metadata", or leave them out; https takes { cert, key }, too.',
    { cause },
  );
}
