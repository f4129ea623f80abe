import type { Trends } from "./api/trends";

/**
 * How far the month had come after each day; the first point is the morning of the first day, where all is 0.
 * Only for drawing: figures that are read stay strings.
 */
export interface RunningPoint {
  /** Days gone by. */
  day: number;
  /** So far, by category id. */
  parts: Readonly<Record<string, number>>;
  total: number;
}

/** The daily totals added up, as far as there is anything to show: up to today, or to the last expense beyond it. */
export function runningOf(trends: Trends, today: string): RunningPoint[] {
  const days = Math.max(trends.buckets.filter((day) => day <= today).length, lastDayWithExpenses(trends));
  const points: RunningPoint[] = [{ day: 0, parts: {}, total: 0 }];
  for (let place = 0; place < days; place++) {
    const before = points[place];
    const parts = trends.series.map((series) => [
      series.category_id,
      (before?.parts[series.category_id] ?? 0) + Number(series.totals[place] ?? 0),
    ]);
    const total = (before?.total ?? 0) + Number(trends.totals[place] ?? 0);
    points.push({ day: place + 1, parts: Object.fromEntries(parts), total });
  }
  return points;
}

/** The layer of all categories that are too small to have one of their own. */
export const REST = "rest";
/** More layers than these would be a blur; the table lists as many before it is unfolded. */
export const MOST_LAYERS = 8;

/** The picture's layers by category id, the largest first: it lies at the bottom. */
export function layersOf(trends: Trends): string[] {
  const bySize = trends.series.toSorted((a, b) => sizeOf(b.totals) - sizeOf(a.totals));
  const ids = bySize.map((series) => series.category_id);
  return ids.length > MOST_LAYERS ? [...ids.slice(0, MOST_LAYERS), REST] : ids;
}

/** How high a layer is at a point. */
export function heightOf(layer: string, point: RunningPoint, layers: readonly string[]): number {
  if (layer !== REST) return point.parts[layer] ?? 0;
  return point.total - layers.reduce((sum, each) => sum + (point.parts[each] ?? 0), 0);
}

/** How high the picture must be to hold all of these. */
export function ceilingOf(...lines: readonly (readonly RunningPoint[])[]): number {
  return Math.max(...lines.flat().map((point) => point.total), 1);
}

function sizeOf(totals: readonly string[]): number {
  return totals.reduce((sum, each) => sum + Number(each), 0);
}

function lastDayWithExpenses(trends: Trends): number {
  return trends.totals.findLastIndex((total) => Number(total) !== 0) + 1;
}
