import { Module } from '@nestjs/common';
import { WxPayMerchants } from './merchants.js';

/** Provides the registry of a Nest container; every `WxPayModule` imports it. */
@Module({ providers: [WxPayMerchants], exports: [WxPayMerchants] })
export class WxPayMerchantsModule {}
