import { issueClientCertificate, type MockClientCertificate } from './client-certificate.js';
import { createKeyRing, type KeyRing } from './keys.js';
import { createPlatformCertificate } from './platform-certificate.js';
import { createPlatformKeys, type PlatformKeys } from './platform-keys.js';
import { selfSignedCertificate } from './self-signed-certificate.js';
import type { TlsIdentity } from '../http/server.js';
import type { StartTerms } from '../start-options.js';

/** All that a gateway and its merchant prove themselves with. */
export interface GatewayKeys {
  readonly ring: KeyRing;
  readonly platform: PlatformKeys;
  /** Of the server; absent over plain HTTP. */
  readonly tls?: TlsIdentity;
  /** Of the merchant; present with a server certificate made on the spot. */
  readonly client?: MockClientCertificate;
}

/**
 * Reads the keys that a gateway is started with and makes the others.
 *
 * @throws {WxPayConfigError} naming every key that cannot be used
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
