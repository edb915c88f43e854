import { TARGETS } from '../targets.js';
import { short } from './tables.js';

/** What got worse than in the last run by more than its margin. */
export function slipsSince(last, figures) {
  return TARGETS.filter((each) => figures[each.case] && last[each.case]).flatMap(
    ({ case: name, what, value, target, margin }) => {
      const [before, now] = [value(last[name]), value(figures[name])];
      const allowed = Math.abs(before) * margin;
      // Below its target by far, a figure may move without anybody's noticing.
      const isFine = (now - before) * target.worse <= allowed || isWellWithin(target, now);
      return isFine ? [] : [`${what}: ${short(now)}, was ${short(before)} (${target.text})`];
    },
  );
}

/** Whether even twice as bad a figure would meet the target. */
function isWellWithin({ worse, holds }, value) {
  return holds(worse > 0 ? value * 2 : value / 2);
}
