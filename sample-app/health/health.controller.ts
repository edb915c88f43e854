import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Settings } from '../config/settings.js';
import { HealthView } from './health-view.js';

@ApiTags('health')
@Controller('health')
export class HealthController {
  constructor(private readonly settings: Settings) {}

  /** Says that this process serves. It does not ask WeChat Pay: their outage is no reason to restart this app. */
  @Get()
  @ApiOperation({ summary: 'Whether the app serves requests' })
  @ApiOkResponse({ type: HealthView })
  check(): HealthView {
    return new HealthView(this.settings.mode);
  }
}
