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

/** From where to where a layer goes at a point. */
export interface Stretch {
  day: number;
  from: number;
  to: number;
}

export interface Stack {
  layer: string;
  stretches: readonly Stretch[];
}

/** Less than any currency can say: what is left of zero when floats are added up. */
const NOTHING = 0.0005;

/** The layers, each upon those before it; one that more came back of than went out lies below the ground. */
export function stacksOf(points: readonly RunningPoint[], layers: readonly string[]): Stack[] {
  const above = points.map(() => 0);
  const below = points.map(() => 0);
  return layers.map((layer) => ({
    layer,
    stretches: points.map((point, place) => {
      const height = heightOf(layer, point, layers);
      const ends = height < -NOTHING ? below : above;
      const from = ends[place] ?? 0;
      ends[place] = from + height;
      return { day: point.day, from, to: from + height };
    }),
  }));
}

/** How far down and up the picture must reach to hold the layers, and the line beside them. */
export function reachOf(stacks: readonly Stack[], line: readonly RunningPoint[]): [number, number] {
  const ends = stacks.flatMap(({ stretches }) => stretches.map(({ to }) => to));
  const all = [...ends, ...line.map((point) => point.total)];
  return [Math.min(0, ...all), Math.max(1, ...all)];
}

function sizeOf(totals: readonly string[]): number {
  return totals.reduce((sum, each) => sum + Number(each), 0);
}

function lastDayWithExpenses(trends: Trends): number {
  return trends.totals.findLastIndex((total) => Number(total) !== 0) + 1;
}
