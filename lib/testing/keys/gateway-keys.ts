import { issueClientCertificate, type MockClientCertificate } from './client-certificate.js';
import { createKeyRing, type KeyRing } from './keys.js';
import { createPlatformCertificate } from './platform-certificate.js';
import { createPlatformKeys, type PlatformKeys } from './platform-keys.js';
import { selfSignedCertificate } from './self-signed-certificate.js';
import type { TlsIdentity } from '../http/server.js';
import type { StartTerms } from '../start-options.js';

/** Keys and certificates of a gateway and its merchant. */
export interface GatewayKeys {
  readonly ring: KeyRing;
  readonly platform: PlatformKeys;
  /** Certificate of the server; absent over plain HTTP. */
  readonly tls?: TlsIdentity;
  /** Client certificate of the merchant; present with a generated server certificate. */
  readonly client?: MockClientCertificate;
}

/**
 * Reads the keys given in the start options and generates the others.
 *
 * @throws {WxPayConfigError} listing every invalid key
 */
export async function createGatewayKeys(terms: StartTerms): Promise<GatewayKeys> {
  const { mchid, host, https, now } = terms;
  const [ring, tls, certificate] = await Promise.all([
    createKeyRing(terms.keys),
    https === true ? selfSignedCertificate(host) : https || undefined,
    terms.platformCertificates ? createPlatformCertificate(now()) : undefined,
  ]);
  const platform = createPlatformKeys(terms, ring, certificate);
  if (https !== true) return { ring, platform, tls };
  const client = await issueClientCertificate(mchid, ring);
  return { ring, platform, tls: tls && { ...tls, clientCa: client.issuer }, client: client.certificate };
}
