import { Module, type DynamicModule } from '@nestjs/common';
import { WxPayModule } from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';
import type { Settings } from '../config/settings.js';
import { remoteSigningOptions } from '../signing/remote-signing-options.js';

const wxPayConfig = defineWxPayConfig();

/** The merchant, configured by `WXPAY_…`; its services can be injected everywhere. */
@Module({})
export class PaymentsModule {
  static forRoot({ signingServiceUrl, timeoutMs }: Settings): DynamicModule {
    const options =
      signingServiceUrl === undefined
        ? wxPayConfig.asProvider()
        : remoteSigningOptions(signingServiceUrl, timeoutMs);
    return { module: PaymentsModule, imports: [WxPayModule.forRootAsync({ isGlobal: true, ...options })] };
  }
}
