/** Certificate library: an optional peer dependency, loaded only when a certificate is created. */
export type X509 = typeof import('@peculiar/x509');

const DAY_MS = 86_400_000;

/** Loads the certificate library. @throws {Error} with the command that installs it */
export async function loadX509(load = importX509): Promise<X509> {
  return load().catch(explainMissing);
}

/** Returns a validity period that starts a day ago, for clients whose clock is behind. */
export function validFrom(now: number, years: number): { readonly notBefore: Date; readonly notAfter: Date } {
  // Certificates have a resolution of one second.
  const today = now - (now % 1000);
  return { notBefore: new Date(today - DAY_MS), notAfter: new Date(today + years * 365 * DAY_MS) };
}

async function importX509(): Promise<X509> {
  // The library requires the metadata polyfill.
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
