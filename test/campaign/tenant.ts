import { generateKeyPairSync } from 'node:crypto';
import {
  HmacSha256Signer,
  PublicKeyVerifier,
  RsaSigner,
  WxPayConfigError,
  WxPayMerchants,
  type WxPayOptions,
} from 'nestjs-wxpay';
import type { MockWxPayGateway } from 'nestjs-wxpay/testing';
import { Calls } from './calls.js';
import type { Stage } from './stage.js';

/** The number that the tenant has before it tries to take the one of the shop. */
const TENANT_MCHID = '1900000003';
const TENANT_KEY = 't'.repeat(32);
const TIMEOUT_MS = 1_000;

let tenantKeys: { readonly publicKey: string; readonly privateKey: string } | undefined;

/** Lets a tenant of an app register the number of a shop, of which it knows all but the keys. */
export async function tenant(stage: Stage, number: string): Promise<void> {
  const { world, chance } = stage;
  const { gateway } = world;
  await new Calls(stage).run({
    operation: 'register',
    name: { outTradeNo: number },
    timeoutMs: TIMEOUT_MS,
    make: async () => {
      const merchants = new WxPayMerchants();
      merchants.register('shop', chance.one([gateway.options(), gateway.optionsV2()]));
      const options = chance.one(forgeries(gateway));
      if (chance.happens(0.5)) return isTaken(() => merchants.register('tenant', options));
      merchants.register('tenant', { ...options, mchid: TENANT_MCHID });
      return isTaken(() => merchants.replace('tenant', options));
    },
    end: (taken) => (taken ? 'taken' : 'refused'),
    judge: (taken) =>
      taken ? ['wrong results', `the number of a shop registered with the keys of a tenant`] : undefined,
  });
}

function isTaken(register: () => unknown): boolean {
  try {
    register();
    return true;
  } catch (error) {
    if (error instanceof WxPayConfigError) return false;
    throw error;
  }
}

/** Options with the number of the shop and other keys: of either API, and with its public names. */
function forgeries(gateway: MockWxPayGateway): readonly WxPayOptions[] {
  const { merchantSerialNo: serialNo, publicKeyId } = gateway.keys;
  tenantKeys ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const { publicKey, privateKey } = tenantKeys;
  return [
    gateway.options({
      signer: new RsaSigner({ privateKey, serialNo }),
      verifier: new PublicKeyVerifier({ publicKey, publicKeyId }),
    }),
    gateway.options({ signer: new RsaSigner({ privateKey, serialNo: 'A'.repeat(40) }) }),
    gateway.optionsV2({ signer: new HmacSha256Signer({ key: TENANT_KEY }) }),
  ];
}
