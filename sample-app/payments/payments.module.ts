import { HttpService } from '@nestjs/axios';
import { Module, type DynamicModule } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { WxPayModule, type WxPayOptions } from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';
import type { Settings } from '../config/settings.js';
import { LegacyHttpModule } from '../legacy/legacy-http.module.js';
import { LEGACY_MERCHANT } from '../legacy/legacy-merchant.js';
import { LegacyOrdersModule } from '../legacy/legacy-orders.module.js';
import { RemoteSigner } from '../signing/remote-signer.js';

const legacyConfig = defineWxPayConfig({ name: LEGACY_MERCHANT, prefix: 'WXPAY_LEGACY_' });

/** The merchants, configured by `WXPAY_…` and `WXPAY_LEGACY_…`; their services can be injected everywhere. */
@Module({})
export class PaymentsModule {
  static forRoot({ signingServiceUrl: url, hasLegacyMerchant }: Settings): DynamicModule {
    const wxPayConfig = defineWxPayConfig(
      url === undefined ? {} : { signer: ({ serialNo }) => new RemoteSigner({ url, serialNo }) },
    );
    const legacy = [
      WxPayModule.forRootAsync({
        name: LEGACY_MERCHANT,
        isGlobal: true,
        imports: [ConfigModule.forFeature(legacyConfig), LegacyHttpModule],
        inject: [legacyConfig.KEY, HttpService],
        useFactory: (options: WxPayOptions, httpService: HttpService) => ({ ...options, httpService }),
      }),
      LegacyOrdersModule,
    ];
    return {
      module: PaymentsModule,
      imports: [
        WxPayModule.forRootAsync({ isGlobal: true, ...wxPayConfig.asProvider() }),
        ...(hasLegacyMerchant ? legacy : []),
      ],
    };
  }
}
