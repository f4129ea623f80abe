import type { Trends } from "./api/trends";

/**
 * The cumulative spending after each day; the first point is the start of the first day, where all values are 0. For
 * drawing only: displayed figures stay strings.
 */
export interface CumulativePoint {
  /** The number of days passed. */
  day: number;
  /** The cumulative spending by category id. */
  byCategory: Readonly<Record<string, number>>;
  total: number;
}

/** Accumulates the daily totals up to today, or to the last expense after today. */
export function cumulativePoints(trends: Trends, today: string): CumulativePoint[] {
  const days = Math.max(trends.buckets.filter((day) => day <= today).length, lastDayWithExpenses(trends));
  const points: CumulativePoint[] = [{ day: 0, byCategory: {}, total: 0 }];
  for (let index = 0; index < days; index++) {
    const previous = points[index];
    const byCategory = trends.series.map((series) => [
      series.category_id,
      (previous?.byCategory[series.category_id] ?? 0) + Number(series.totals[index] ?? 0),
    ]);
    const total = (previous?.total ?? 0) + Number(trends.totals[index] ?? 0);
    points.push({ day: index + 1, byCategory: Object.fromEntries(byCategory), total });
  }
  return points;
}

/** The layer of all categories that have no layer of their own. */
export const OTHER_LAYER = "rest";
/** More layers would be illegible; the table shows as many rows before it is expanded. */
export const MAX_LAYERS = 8;

/** Returns the chart's layers by category id; the largest comes first, at the bottom. */
export function layersOf(trends: Trends): string[] {
  const bySize = trends.series.toSorted((a, b) => sizeOf(b.totals) - sizeOf(a.totals));
  const ids = bySize.map((series) => series.category_id);
  return ids.length > MAX_LAYERS ? [...ids.slice(0, MAX_LAYERS), OTHER_LAYER] : ids;
}

/** Returns the height of a layer at a point. */
export function layerHeight(layer: string, point: CumulativePoint, layers: readonly string[]): number {
  if (layer !== OTHER_LAYER) return point.byCategory[layer] ?? 0;
  return point.total - layers.reduce((sum, each) => sum + (point.byCategory[each] ?? 0), 0);
}

/** The lower and upper bound of a layer at a point. */
export interface LayerBand {
  day: number;
  from: number;
  to: number;
}

export interface StackedLayer {
  layer: string;
  bands: readonly LayerBand[];
}

/** Smaller than any currency's minor unit: the rounding error of added floats. */
const EPSILON = 0.0005;

/** Stacks the layers upwards; a layer with more refunds than spending is stacked below zero. */
export function stackLayers(points: readonly CumulativePoint[], layers: readonly string[]): StackedLayer[] {
  const above = points.map(() => 0);
  const below = points.map(() => 0);
  return layers.map((layer) => ({
    layer,
    bands: points.map((point, index) => {
      const height = layerHeight(layer, point, layers);
      const ends = height < -EPSILON ? below : above;
      const from = ends[index] ?? 0;
      ends[index] = from + height;
      return { day: point.day, from, to: from + height };
    }),
  }));
}

/** Returns the vertical domain that contains the layers and the line. */
export function verticalDomain(stacks: readonly StackedLayer[], line: readonly CumulativePoint[]): [number, number] {
  const ends = stacks.flatMap(({ bands }) => bands.map(({ to }) => to));
  const all = [...ends, ...line.map((point) => point.total)];
  return [Math.min(0, ...all), Math.max(1, ...all)];
}

function sizeOf(totals: readonly string[]): number {
  return totals.reduce((sum, each) => sum + Number(each), 0);
}

function lastDayWithExpenses(trends: Trends): number {
  return trends.totals.findLastIndex((total) => Number(total) !== 0) + 1;
}
