import * as allocation from './cases/allocation.js';
import * as atOnce from './cases/at-once.js';
import * as burst from './cases/burst.js';
import * as close from './cases/close.js';
import * as growth from './cases/growth.js';
import * as importTime from './cases/import-time.js';
import * as loop from './cases/loop.js';
import * as mockGateway from './cases/mock-gateway.js';
import * as query from './cases/query.js';
import * as soak from './cases/soak.js';
import * as v2Query from './cases/v2-query.js';
import { allocationTable, atOnceTable, burstTable, clientTable, growthTable } from './report/tables.js';

const asJson = (figures) => JSON.stringify(figures);

/** Everything that is measured, in this order, and how it is shown. */
export const CASES = {
  query: { ...query, show: clientTable },
  close: { ...close, show: clientTable },
  'v2-query': { ...v2Query, show: clientTable },
  allocation: { ...allocation, show: allocationTable },
  loop: { ...loop, show: asJson },
  burst: { ...burst, show: burstTable },
  'at-once': { ...atOnce, show: atOnceTable },
  growth: { ...growth, show: growthTable },
  soak: { ...soak, show: asJson },
  'import-time': { ...importTime, show: asJson },
  'mock-gateway': { ...mockGateway, show: asJson },
};
