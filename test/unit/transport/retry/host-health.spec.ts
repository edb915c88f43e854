import { performance } from 'node:perf_hooks';
import { describe, expect, it } from '@jest/globals';
import type { HostEvent } from '../../../../lib/telemetry/events.js';
import { WXPAY_CHANNELS } from '../../../../lib/telemetry/channels.js';
import { recordEvents } from '../../../support/harness/recorded-events.js';
import { HostHealth } from '../../../../lib/transport/retry/host-health.js';

const HOSTS = ['main', 'backup'];
const WAITING = { recoveryMs: 1_000 };

/** Health with a clock that the test moves. */
function healthAt(): { readonly health: HostHealth; readonly clock: { ms: number } } {
  const clock = { ms: 0 };
  return { health: new HostHealth(() => clock.ms), clock };
}

function fail(health: HostHealth, ...hosts: readonly string[]): void {
  for (const host of hosts) health.failed(host);
}

describe('HostHealth', () => {
  it('prefers the main host, even after one failure', () => {
    const { health } = healthAt();
    fail(health, 'main');

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('prefers the backup after two failures in a row', () => {
    const { health } = healthAt();
    fail(health, 'main', 'main');

    expect(health.first(HOSTS, WAITING)).toBe('backup');
  });

  it('forgets failures before a reply', () => {
    const { health, clock } = healthAt();
    fail(health, 'main');
    health.replied('main', clock.ms);
    fail(health, 'main');

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('lets one call try a host that is due, and all calls use it once it replies', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 999;
    const tooEarly = health.first(HOSTS, WAITING);
    clock.ms = 1_000;

    expect([tooEarly, health.first(HOSTS, WAITING), health.first(HOSTS, WAITING)]).toEqual([
      'backup',
      'main',
      'backup',
    ]);
    health.replied('main', clock.ms);
    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('keeps a host unhealthy after a late reply to a request that was sent before the last failure', () => {
    const { health, clock } = healthAt();
    const askedAt = clock.ms;
    clock.ms = 1;
    fail(health, 'main', 'main');
    clock.ms = 2;

    health.replied('main', askedAt);

    expect(health.first(HOSTS, WAITING)).toBe('backup');
  });

  it('forgets a single failure even after a late reply', () => {
    const { health, clock } = healthAt();
    const askedAt = clock.ms;
    clock.ms = 1;
    fail(health, 'main');
    health.replied('main', askedAt);
    fail(health, 'main');

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('waits for the recovery time again when the trial fails', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000;
    health.first(HOSTS, WAITING);
    fail(health, 'main');
    clock.ms = 1_999;

    expect(health.first(HOSTS, WAITING)).toBe('backup');
    clock.ms = 2_000;
    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('lets the next call try when the trial was inconclusive', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000;
    health.first(HOSTS, WAITING);
    health.inconclusive('main');

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('does not let a call without a second attempt try an unhealthy host', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000_000;

    expect(health.first(HOSTS, { recoveryMs: undefined })).toBe('backup');
  });

  it('chooses the least recently failed host when all are unhealthy', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1;
    fail(health, 'backup', 'backup');
    const first = health.first(HOSTS, WAITING);
    clock.ms = 2;
    fail(health, 'main');

    expect([first, health.first(HOSTS, WAITING)]).toEqual(['main', 'backup']);
  });

  it('chooses another host for the next attempt, or the same one if there is no other', () => {
    const { health } = healthAt();

    expect(health.next(HOSTS, 'main')).toBe('backup');
    expect(health.next(HOSTS, 'backup')).toBe('main');
    expect(health.next(['main'], 'main')).toBe('main');
  });

  it('lets a call without a second attempt try a host that is due if there were no other calls', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000;

    expect(health.first(HOSTS, { ...WAITING, hasAnother: false })).toBe('main');
  });

  it('leaves the trial to a call with a second attempt if there was one within the recovery time', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 500;
    health.first(HOSTS, WAITING);
    clock.ms = 1_000;
    const spared = health.first(HOSTS, { ...WAITING, hasAnother: false });
    clock.ms = 1_501;

    expect([spared, health.first(HOSTS, { ...WAITING, hasAnother: false })]).toEqual(['backup', 'main']);
  });

  it('leaves the trial to a call without a second attempt if the only other call was a retry', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_500;
    health.next(HOSTS, 'backup');

    expect(health.first(HOSTS, { ...WAITING, hasAnother: false })).toBe('main');
  });

  it.each([
    ['lacked the unhealthy host', ['backup', 'third']],
    ['preferred a healthy one', ['backup', 'main']],
  ])('leaves the trial to a call without a second attempt if the other calls %s', (_, hosts) => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000;
    health.first(hosts, WAITING);

    expect(health.first(HOSTS, { ...WAITING, hasAnother: false })).toBe('main');
  });

  it('leaves the trial to calls with a second attempt after one of them was inconclusive', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000;
    health.first(HOSTS, WAITING);
    health.inconclusive('main');
    const spared = health.first(HOSTS, { ...WAITING, hasAnother: false });

    expect([spared, health.first(HOSTS, WAITING)]).toEqual(['backup', 'main']);
  });

  it.each([
    ['a healthy main host', [], 'main'],
    ['a main host that failed once', ['main'], 'main'],
    ['an unhealthy main host', ['main', 'main'], 'backup'],
    ['two unhealthy hosts that failed at the same time', ['backup', 'backup', 'main', 'main'], 'main'],
  ])('returns the host that calls begin on, with %s', (_, failures, expected) => {
    const { health } = healthAt();
    fail(health, ...failures);

    expect([health.current(HOSTS), health.first(HOSTS, WAITING)]).toEqual([expected, expected]);
  });

  it('returns the host with the oldest failure if no host is healthy, without a trial', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1;
    fail(health, 'backup', 'backup');
    const before = health.current(HOSTS);
    clock.ms = 2;
    fail(health, 'main');

    expect([before, health.current(HOSTS)]).toEqual(['main', 'backup']);
  });

  it('clears the failures of a host that replies to a request of the same millisecond', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    health.replied('main', clock.ms);

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('uses a clock in milliseconds that never goes back by default', () => {
    const before = performance.now();
    const now = new HostHealth().now();

    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(performance.now());
  });
});

describe('HostHealth, publishing changes', () => {
  const changes = recordEvents<HostEvent>(WXPAY_CHANNELS.host);

  it('publishes a host once when it becomes unhealthy, and once when it is healthy again', () => {
    const { health, clock } = healthAt();
    fail(health, 'main');
    health.replied('main', clock.ms);
    health.replied('main', clock.ms);
    const ofOneFailure = [...changes];
    fail(health, 'main', 'main', 'main');
    const ofThree = [...changes];
    health.replied('main', clock.ms);

    expect(ofOneFailure).toEqual([]);
    expect(ofThree).toEqual([{ host: 'main', state: 'unhealthy' }]);
    expect(changes.slice(1)).toEqual([{ host: 'main', state: 'healthy' }]);
  });
});
