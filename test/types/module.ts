import { HttpService } from '@nestjs/axios';
import { Injectable, type ModuleMetadata } from '@nestjs/common';
import {
  getWxPayToken,
  InjectWxPay,
  OrderCloseService,
  OrderQueryService,
  WxPayModule,
  WxPaySigner,
  type WxPayOptions,
} from 'nestjs-wxpay';
import { defineWxPayConfig } from 'nestjs-wxpay/config';

declare const options: WxPayOptions;

class Settings {
  readonly options = options;
}

class OptionsFactory {
  createWxPayOptions(): Promise<WxPayOptions> {
    return Promise.resolve(options);
  }
}

class SomethingElse {
  createOptions(): WxPayOptions {
    return options;
  }
}

/** Every way to register a merchant that Nest users know. */
export const imports: ModuleMetadata['imports'] = [
  WxPayModule.forRoot(options),
  WxPayModule.forRoot({ ...options, name: 'eu', isGlobal: true }),
  WxPayModule.forRootAsync({ useFactory: () => options }),
  WxPayModule.forRootAsync({
    inject: [HttpService],
    useFactory: (httpService: HttpService) => ({ ...options, httpService }),
  }),
  WxPayModule.forRootAsync({
    name: 'eu',
    inject: [Settings],
    useFactory: async (settings: Settings) => settings.options,
  }),
  WxPayModule.forRootAsync({ useClass: OptionsFactory, isGlobal: true }),
  WxPayModule.forRootAsync({ useExisting: OptionsFactory }),
  WxPayModule.forRootAsync(defineWxPayConfig().asProvider()),
  WxPayModule.forRootAsync({ ...defineWxPayConfig({ name: 'eu', prefix: 'EU_' }).asProvider(), name: 'eu' }),
  // @ts-expect-error a merchant cannot do without its signer and verifier
  WxPayModule.forRoot({ mchid: '1900000001' }),
  // @ts-expect-error the options come from createWxPayOptions()
  WxPayModule.forRootAsync({ useClass: SomethingElse }),
  // @ts-expect-error a factory returns all that is required
  WxPayModule.forRootAsync({ useFactory: () => ({ mchid: '1900000001' }) }),
  // @ts-expect-error what is no HttpService cannot send
  WxPayModule.forRoot({ ...options, httpService: {} }),
  // @ts-expect-error a misspelt option is no option
  WxPayModule.forRoot({ ...options, timeout: 1000 }),
];

@Injectable()
export class Checkout {
  @InjectWxPay(OrderCloseService, 'eu') readonly close?: OrderCloseService;

  constructor(
    readonly query: OrderQueryService,
    @InjectWxPay(OrderQueryService, 'eu') readonly euQuery: OrderQueryService,
  ) {}
}

/** Abstract classes are tokens as well, so that a test can override signer and verifier. */
export const token = getWxPayToken(WxPaySigner, 'eu');

// @ts-expect-error a service is named by its class
InjectWxPay('OrderQueryService');
