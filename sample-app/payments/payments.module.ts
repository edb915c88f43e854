import { Module, type DynamicModule } from '@nestjs/common';
import { WxPayModule } from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';
import type { Settings } from '../config/settings.js';
import { LEGACY_MERCHANT } from '../legacy/legacy-merchant.js';
import { LegacyOrdersModule } from '../legacy/legacy-orders.module.js';
import { remoteSigningOptions } from '../signing/remote-signing-options.js';

const wxPayConfig = defineWxPayConfig();
const legacyConfig = defineWxPayConfig({ name: LEGACY_MERCHANT, prefix: 'WXPAY_LEGACY_' });

/** The merchants, configured by `WXPAY_…` and `WXPAY_LEGACY_…`; their services can be injected everywhere. */
@Module({})
export class PaymentsModule {
  static forRoot({ signingServiceUrl, hasLegacyMerchant, timeoutMs }: Settings): DynamicModule {
    const options =
      signingServiceUrl === undefined
        ? wxPayConfig.asProvider()
        : remoteSigningOptions(signingServiceUrl, timeoutMs);
    const legacy = [
      WxPayModule.forRootAsync({ name: LEGACY_MERCHANT, isGlobal: true, ...legacyConfig.asProvider() }),
      LegacyOrdersModule,
    ];
    return {
      module: PaymentsModule,
      imports: [
        WxPayModule.forRootAsync({ isGlobal: true, ...options }),
        ...(hasLegacyMerchant ? legacy : []),
      ],
    };
  }
}
