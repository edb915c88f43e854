/** What the bench is to show, by case: a figure, what it may be, and how much worse than the last run it may get. */
const OURS = 'nestjs-wxpay';
const PLUGIN = 'wechatpay-axios-plugin';

const atMost = (limit) => ({ text: `≤ ${limit}`, holds: (value) => value <= limit, worse: 1 });
/** Connections that lay idle are closed on purpose: a few in ten thousand calls are opened again. */
const NONE = { text: '< 0.001', holds: (value) => value < 0.001, worse: 1 };
const atLeast = (limit) => ({ text: `≥ ${limit}`, holds: (value) => value >= limit, worse: -1 });

/** The CPU of a call against that of another client, with so many calls in flight. */
const cpu = (name, calls, base, limit) => ({
  case: name,
  what: `CPU per ${name}, ${calls} in flight, against ${base === 'floor' ? 'the floor' : base}`,
  value: (figures) => figures[calls][OURS].over[base].cpuUs,
  target: atMost(limit),
  margin: 0.12,
});

export const TARGETS = [
  cpu('query', 16, 'floor', 1.2),
  cpu('query', 64, 'floor', 1.2),
  cpu('query', 16, PLUGIN, 0.6),
  cpu('query', 64, PLUGIN, 0.6),
  {
    case: 'query',
    what: `Queries a second, 64 in flight, against ${PLUGIN}`,
    value: (figures) => figures[64][OURS].over[PLUGIN].perSecond,
    target: atLeast(2.2),
    margin: 0.15,
  },
  {
    case: 'query',
    what: `Wait of the event loop, p99, 64 in flight, against ${PLUGIN}`,
    value: (figures) => figures[64][OURS].over[PLUGIN].loopP99Ms,
    target: atMost(0.05),
    margin: 0.5,
  },
  {
    case: 'query',
    what: 'Median latency of a single query against the floor',
    value: (figures) => figures[1][OURS].over.floor.medianMs,
    target: atMost(1.25),
    margin: 0.15,
  },
  cpu('close', 16, 'floor', 1.2),
  cpu('close', 64, 'floor', 1.2),
  {
    case: 'allocation',
    what: 'Allocated per query',
    unit: 'KB',
    value: (figures) => figures[OURS].kbPerCall,
    target: atMost(70),
    margin: 0.1,
  },
  {
    case: 'burst',
    what: '1,000 queries at once: another endpoint of the app, p99',
    unit: 'ms',
    value: (figures) => figures[OURS].endpointP99Ms,
    target: atMost(12),
    margin: 1,
  },
  {
    case: 'burst',
    what: '1,000 queries at once: `fs.stat` in the app, p99',
    unit: 'ms',
    value: (figures) => figures[OURS].statP99Ms,
    target: atMost(6),
    margin: 1,
  },
  {
    case: 'loop',
    what: '500 queries in flight: wait of the event loop, p99',
    unit: 'ms',
    value: (figures) => figures.loopP99Ms,
    target: atMost(20),
    margin: 1,
  },
  {
    case: 'at-once',
    what: '10,000 queries by `Promise.all`: memory (RSS) at most',
    unit: 'MB more',
    value: (figures) => figures[OURS].peakRssMb,
    target: atMost(60),
    margin: 0.5,
  },
  {
    case: 'at-once',
    what: '10,000 queries by `Promise.all`: sockets',
    value: (figures) => figures[OURS].sockets,
    target: atMost(64),
    margin: 0,
  },
  {
    case: 'at-once',
    what: '10,000 queries by `Promise.all`: errors',
    value: (figures) => figures[OURS].failed,
    target: atMost(0),
    margin: 0,
  },
  {
    case: 'soak',
    what: '50,000 queries: heap after collection',
    unit: 'MB more',
    value: (figures) => figures.heapMb,
    target: atMost(1),
    margin: 1,
  },
  {
    case: 'soak',
    what: '50,000 queries: memory (RSS)',
    unit: 'MB more',
    value: (figures) => figures.rssMb,
    target: atMost(20),
    margin: 1,
  },
  {
    case: 'soak',
    what: 'New connections per query in steady state',
    value: (figures) => figures.newConnectionsPerCall,
    target: NONE,
    margin: 0,
  },
  {
    case: 'import-time',
    what: 'Import of the main entry against that of @nestjs/axios',
    value: (figures) => figures.overNestAxios,
    target: atMost(1),
    margin: 0.3,
  },
  {
    case: 'import-time',
    what: 'Optional peers that the main entry loads',
    value: (figures) => figures.optionalPeers,
    target: atMost(0),
    margin: 0,
  },
  {
    case: 'mock-gateway',
    what: 'Answers a second of the mock gateway, verified and signed',
    value: (figures) => figures.answersPerSecond,
    target: atLeast(3_000),
    margin: 0.2,
  },
];
