import { readFile } from 'node:fs/promises';
import type { ConfigurableModuleAsyncOptions } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { PublicKeyVerifier, type WxPayOptions } from 'nestjs-wxpay';
import { RemoteSigner } from './remote-signer.js';

/** For `WxPayModule.forRootAsync`: a merchant whose private key is out of reach of this process. */
export function remoteSigningOptions(
  url: string,
  timeoutMs?: number,
): Pick<ConfigurableModuleAsyncOptions<WxPayOptions>, 'inject' | 'useFactory'> {
  return {
    inject: [ConfigService],
    useFactory: async (env: ConfigService<Record<string, string>>): Promise<WxPayOptions> => ({
      mchid: env.getOrThrow('WXPAY_MCHID'),
      signer: new RemoteSigner({ url, serialNo: env.getOrThrow('WXPAY_SERIAL_NO') }),
      verifier: new PublicKeyVerifier({
        publicKey: env.get('WXPAY_PUBLIC_KEY') || (await readFile(env.getOrThrow('WXPAY_PUBLIC_KEY_FILE'))),
        publicKeyId: env.getOrThrow('WXPAY_PUBLIC_KEY_ID'),
      }),
      timeoutMs,
      hosts: env.get('WXPAY_HOSTS')?.split(','),
    }),
  };
}
