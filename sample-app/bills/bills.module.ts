import { Module } from '@nestjs/common';
import { SalesModule } from '../sales/sales.module.js';
import { BillsController } from './bills.controller.js';
import { BillsService } from './bills.service.js';
import { BillsTimer } from './bills-timer.js';

@Module({ imports: [SalesModule], controllers: [BillsController], providers: [BillsService, BillsTimer] })
export class BillsModule {}
