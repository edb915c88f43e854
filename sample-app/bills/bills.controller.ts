import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../http/api-errors.decorator.js';
import { BillsService } from './bills.service.js';
import { BillParams } from './dto/bill.params.js';
import { DiscrepancyView } from './dto/discrepancy-view.js';

/** For the staff of the shop: put a guard of your own in front. */
@ApiTags('bills')
@Controller('bills')
export class BillsController {
  constructor(private readonly bills: BillsService) {}

  @Get(':date/discrepancies')
  @ApiOperation({ summary: 'Compares the bill of a day with the sales of the shop' })
  @ApiOkResponse({ type: [DiscrepancyView] })
  @ApiErrors(400)
  async reconcile(@Param() { date }: BillParams): Promise<DiscrepancyView[]> {
    const views: DiscrepancyView[] = [];
    for await (const discrepancy of this.bills.reconcile(date)) views.push(new DiscrepancyView(discrepancy));
    return views;
  }
}
