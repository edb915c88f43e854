import { TARGETS } from '../targets.js';

/** The targets of those cases that were run, with verdicts. */
export function targetTable(figures) {
  const rows = TARGETS.filter((each) => figures[each.case] !== undefined).map(
    ({ case: name, what, unit = '', value, target }) => {
      const measured = value(figures[name]);
      return [
        what,
        target.text,
        `${short(measured)} ${unit}`.trim(),
        target.holds(measured) ? 'met' : 'NOT MET',
      ];
    },
  );
  return table(['', 'Target', 'Measured', 'Verdict'], rows);
}

/** Who does what on the same work. */
export function clientTable(figures) {
  const rows = Object.entries(figures).flatMap(([inFlight, clients]) =>
    Object.entries(clients).map(([name, { cpuUs, perSecond, medianMs, loopP99Ms, over }]) => [
      inFlight,
      name,
      short(cpuUs),
      over.floor ? `${short(over.floor.cpuUs)} ×` : '',
      short(perSecond),
      short(medianMs),
      loopP99Ms === undefined ? '' : short(loopP99Ms),
    ]),
  );
  const head = [
    'In flight',
    'Client',
    'CPU, µs',
    'CPU / floor',
    'Calls a second',
    'Median, ms',
    'Loop p99, ms',
  ];
  return table(head, rows);
}

export function burstTable(figures) {
  const rows = Object.entries(figures).map(([name, { endpointP99Ms, statP99Ms, wallMs, failed }]) => [
    name,
    short(endpointP99Ms),
    short(statP99Ms),
    short(wallMs),
    failed,
  ]);
  return table(
    ['Client', 'Other endpoint p99, ms', '`fs.stat` p99, ms', 'All answered after, ms', 'Errors'],
    rows,
  );
}

export function atOnceTable(figures) {
  const rows = Object.entries(figures).map(([name, { wallMs, peakRssMb, sockets, failed }]) => [
    name,
    short(wallMs / 1000),
    short(peakRssMb),
    sockets,
    failed,
  ]);
  return table(['Client', 'Seconds', 'RSS, MB more', 'Sockets', 'Errors'], rows);
}

export function growthTable(figures) {
  const rows = Object.entries(figures).map(([orders, { wallMs, peakRssMb, heapMb, sockets, failed }]) => [
    Number(orders).toLocaleString('en'),
    short(wallMs / 1000),
    short((wallMs * 1000) / orders),
    short(peakRssMb),
    short(heapMb),
    sockets,
    failed,
  ]);
  const head = ['Orders', 'Seconds', 'µs per order', 'RSS, MB more', 'Heap kept, MB', 'Sockets', 'Errors'];
  return table(head, rows);
}

export function allocationTable(figures) {
  return table(
    ['Client', 'KB per query'],
    Object.entries(figures).map(([name, { kbPerCall }]) => [name, short(kbPerCall)]),
  );
}

/** Three digits say what a bench can say. */
export function short(value) {
  if (value === 0) return '0';
  return Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(2 + (Math.abs(value) >= 1))));
}

function table(head, rows) {
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return ['<!-- prettier-ignore -->', ...lines].join('\n');
}
