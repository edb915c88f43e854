import { Module } from '@nestjs/common';
import { SalesModule } from '../sales/sales.module.js';
import { NotificationsController } from './notifications.controller.js';

@Module({ imports: [SalesModule], controllers: [NotificationsController] })
export class NotificationsModule {}
