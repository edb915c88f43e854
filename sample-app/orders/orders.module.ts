import { Module } from '@nestjs/common';
import { OrdersController } from './orders.controller.js';
import { OrdersService } from './orders.service.js';
import { SubMerchantOrdersController } from './sub-merchant-orders.controller.js';

@Module({ controllers: [OrdersController, SubMerchantOrdersController], providers: [OrdersService] })
export class OrdersModule {}
