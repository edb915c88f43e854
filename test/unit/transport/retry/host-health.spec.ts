import { describe, expect, it } from '@jest/globals';
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

  it('forgets failures that an answer lies between', () => {
    const { health, clock } = healthAt();
    fail(health, 'main');
    health.replied('main', clock.ms);
    fail(health, 'main');

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('lets one call try a host that is due, and the others follow when it answers', () => {
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

  it('is not told by a late answer that a host is well', () => {
    const { health, clock } = healthAt();
    const askedAt = clock.ms;
    clock.ms = 1;
    fail(health, 'main', 'main');
    clock.ms = 2;

    health.replied('main', askedAt);

    expect(health.first(HOSTS, WAITING)).toBe('backup');
  });

  it('forgets a single failure even at a late answer: the host fails now and then', () => {
    const { health, clock } = healthAt();
    const askedAt = clock.ms;
    clock.ms = 1;
    fail(health, 'main');
    health.replied('main', askedAt);
    fail(health, 'main');

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('waits again when the try fails', () => {
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

  it('lets the next call try when the try was left open', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000;
    health.first(HOSTS, WAITING);
    health.inconclusive('main');

    expect(health.first(HOSTS, WAITING)).toBe('main');
  });

  it('lets no call try that has no second attempt', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000_000;

    expect(health.first(HOSTS, { recoveryMs: undefined })).toBe('backup');
  });

  it('names the host that failed longest ago when all are ill', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1;
    fail(health, 'backup', 'backup');
    const first = health.first(HOSTS, WAITING);
    clock.ms = 2;
    fail(health, 'main');

    expect([first, health.first(HOSTS, WAITING)]).toEqual(['main', 'backup']);
  });

  it('goes on with another host, or with the same if there is no other', () => {
    const { health } = healthAt();

    expect(health.next(HOSTS, 'main')).toBe('backup');
    expect(health.next(HOSTS, 'backup')).toBe('main');
    expect(health.next(['main'], 'main')).toBe('main');
  });

  it('lets a call without another attempt try a host that is due, where no other calls are made', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 1_000;

    expect(health.first(HOSTS, { ...WAITING, hasAnother: false })).toBe('main');
  });

  it('leaves the trial to a call with another attempt, where there was one within the recovery time', () => {
    const { health, clock } = healthAt();
    fail(health, 'main', 'main');
    clock.ms = 500;
    health.first(HOSTS, WAITING);
    clock.ms = 1_000;
    const spared = health.first(HOSTS, { ...WAITING, hasAnother: false });
    clock.ms = 1_501;

    expect([spared, health.first(HOSTS, { ...WAITING, hasAnother: false })]).toEqual(['backup', 'main']);
  });
});
